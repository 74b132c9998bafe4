package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// check says what is wrong with the arguments of a verb.
type check func(cmd *cli.Command) error

func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return fmt.Errorf("%s takes no argument, and %s is one", cmd.Name, cmd.Args().First())
	}
	return nil
}

func anOperation(cmd *cli.Command) error {
	if cmd.Args().First() == "" {
		return errors.New("name an operation, and what it is about: guardctl explain DeleteTopic topic:news")
	}
	return nil
}

func aDependency(cmd *cli.Command) error {
	switch {
	case strings.HasPrefix(cmd.String("reason"), "-"):
		return fmt.Errorf("behind -reason stands %s, which is no reason", cmd.String("reason"))
	case cmd.Args().First() == "" && cmd.Name == "probe":
		return errors.New("name a dependency: guardctl probe redis")
	case cmd.Args().First() == "":
		return fmt.Errorf("name a dependency: guardctl %s redis %s", cmd.Name, reasonExample)
	case cmd.NArg() > 1:
		return fmt.Errorf("one dependency at a time: %s is one too many (a reason of several words stands in quotes)", cmd.Args().Get(1))
	}
	return nil
}

func aDependencyAndReason(cmd *cli.Command) error {
	if err := aDependency(cmd); err != nil {
		return err
	}
	return aReason(cmd)
}

const reasonExample = `-reason "moving it to another host"`

// aReason is recorded with who acted.
func aReason(cmd *cli.Command) error {
	if strings.TrimSpace(cmd.String("reason")) == "" {
		return fmt.Errorf("say why, for those who read it later: guardctl %s %s %s", cmd.Name, strings.Join(cmd.Args().Slice(), " "), reasonExample)
	}
	return nil
}

func aMode(cmd *cli.Command) error {
	switch word := cmd.Args().First(); {
	case !cmd.Args().Present() && cmd.IsSet("reason"):
		return errors.New("say what to change: guardctl mode enforce, or guardctl mode observe")
	case !cmd.Args().Present():
		return nil
	case word != "enforce" && word != "observe":
		return fmt.Errorf("there is no mode %s: want enforce or observe", word)
	default:
		return aReason(cmd)
	}
}
