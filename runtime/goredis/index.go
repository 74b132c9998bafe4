package goredis

import (
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// index finds the rules about a command that is about to be sent. It is read only.
type index map[string]*entry

// entry is what there is to say of commands that begin with one word.
type entry struct {
	whole []Command            // whatever the second word is
	subs  map[string][]Command // by the second word
}

// newIndex is an index of rows. The error is about a name that no command can have.
func newIndex(rows []Command) (index, error) {
	x := index{}
	for _, row := range rows {
		words := strings.Fields(strings.ToUpper(row.Name))
		if len(words) == 0 || len(words) > 2 {
			return nil, fmt.Errorf("command %q: give its name, and its subcommand if it has one", row.Name)
		}
		row.Name = strings.Join(words, " ")
		for _, one := range words {
			if len(one) > longest {
				return nil, fmt.Errorf("command %q: no command has a name of more than %d letters", row.Name, longest)
			}
		}
		e := x[words[0]]
		if e == nil {
			e = &entry{subs: map[string][]Command{}}
			x[words[0]] = e
		}
		if len(words) == 1 {
			e.whole = append(e.whole, row)
		} else {
			e.subs[words[1]] = append(e.subs[words[1]], row)
		}
	}
	return x, nil
}

// find returns the first row that is about cmd, its condition included; nil if none is. It costs no allocation, unless a
// condition reads an argument that is no text and no number.
func (x index) find(cmd redis.Cmder) *Command { return x.lookup(cmd.Args()) }

// lookup is find for the arguments of a command, its name first.
func (x index) lookup(args []any) *Command {
	if len(args) == 0 {
		return nil
	}
	name := wordOf(args[0])
	e := x[string(name.bytes())]
	if e == nil {
		return nil
	}
	if row := first(e.whole, args); row != nil {
		return row
	}
	if len(args) == 1 || len(e.subs) == 0 {
		return nil
	}
	sub := wordOf(args[1])
	return first(e.subs[string(sub.bytes())], args)
}

// first is the first of rows whose condition holds.
func first(rows []Command, args []any) *Command {
	for i := range rows {
		if row := &rows[i]; row.When == nil || row.When(args) {
			return row
		}
	}
	return nil
}
