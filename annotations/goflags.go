package annotations

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// withGoFlags takes out of GOFLAGS what the go command alone would understand: -overlay, because the files are read
// here, not there; and -modfile, because package packages also asks questions to which it does not apply, and which
// the go command then refuses.
func (c Config) withGoFlags() (Config, error) {
	set := c.getenv("GOFLAGS")
	if !strings.Contains(set, "-overlay") && !strings.Contains(set, "-modfile") {
		return c, nil
	}
	var rest []string
	for _, flag := range splitFlags(set) {
		name, value, _ := strings.Cut(strings.TrimPrefix(unquote(flag), "-"), "=")
		switch strings.TrimPrefix(name, "-") {
		case "modfile":
			c.BuildFlags = append([]string{"-modfile=" + value}, c.BuildFlags...)
		case "overlay":
			files, err := c.readOverlay(value)
			if err != nil {
				return c, fmt.Errorf("GOFLAGS=-overlay=%s: %w", value, err)
			}
			maps.Copy(files, c.Overlay)
			c.Overlay = files
		default:
			rest = append(rest, flag)
		}
	}
	if c.Env == nil {
		c.Env = os.Environ()
	}
	c.Env = append(slices.Clip(c.Env), "GOFLAGS="+strings.Join(rest, " ")+" ") // if it were empty, go env -w would count
	return c, nil
}

// readOverlay reads a file that says which files stand for which others: see go help build.
func (c Config) readOverlay(path string) (map[string][]byte, error) {
	inDir := func(path string) string {
		if filepath.IsAbs(path) {
			return filepath.Clean(path)
		}
		return filepath.Join(c.Dir, path)
	}
	text, err := os.ReadFile(inDir(path))
	if err != nil {
		return nil, err
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &overlay); err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for to, from := range overlay.Replace {
		if from == "" {
			return nil, fmt.Errorf("it removes %s, which guardgen cannot: give the file a build tag, or run guardgen without the overlay", to)
		}
		if files[inDir(to)], err = os.ReadFile(inDir(from)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// splitFlags splits GOFLAGS as the go command does: at blanks, except within a flag that is quoted as a whole. The
// quotes stay.
func splitFlags(text string) (flags []string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		end := strings.IndexAny(text, " \t\r\n")
		if quote := text[0]; quote == '\'' || quote == '"' {
			if closing := strings.IndexByte(text[1:], quote); closing >= 0 {
				end = closing + 2
			}
		}
		if end < 0 {
			end = len(text)
		}
		flags, text = append(flags, text[:end]), text[end:]
	}
	return flags
}

// unquote takes the quotes off a flag of GOFLAGS.
func unquote(flag string) string {
	if len(flag) > 1 && (flag[0] == '\'' || flag[0] == '"') && flag[len(flag)-1] == flag[0] {
		return flag[1 : len(flag)-1]
	}
	return flag
}

// getenv returns a setting of the go command: from the environment of the run, else from the file that go env -w writes.
func (c Config) getenv(name string) string {
	env := c.Env
	if env == nil {
		env = os.Environ()
	}
	lookUp := func(settings []string, name string) (string, bool) {
		for _, setting := range slices.Backward(settings) {
			if value, ok := strings.CutPrefix(setting, name+"="); ok {
				return value, value != ""
			}
		}
		return "", false
	}
	if value, ok := lookUp(env, name); ok {
		return value
	}
	path, ok := lookUp(env, "GOENV")
	if !ok {
		dir, err := os.UserConfigDir()
		if err != nil {
			return ""
		}
		path = filepath.Join(dir, "go", "env")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "" // there is none, or GOENV is off
	}
	value, _ := lookUp(strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), name)
	return value
}
