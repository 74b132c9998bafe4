package main

import (
	"fmt"
	"path"
	"strings"
)

// peers are other generators that take the same interfaces, each called as its documentation says. They are pinned as tools
// of the module in peers/, which nobody else requires.
//
// All but mockery do one package in a process, so that go generate starts them once for each.
var peers = []command{
	{
		name: "mockgen -source", own: true,
		runs: eachPackage(func(t target) []string {
			return []string{"./mockgen", "-source=" + t.file, "-destination=mocks/mocks.go", "-package=mocks"}
		}),
	},
	{
		name: "mockgen", own: true,
		runs: eachPackage(func(t target) []string {
			return []string{"./mockgen", "-destination=mocks/mocks.go", "-package=mocks", ".", strings.Join(t.interfaces, ",")}
		}),
	},
	{
		name: "moq", own: true,
		runs: eachPackage(func(t target) []string { return append([]string{"./moq", "-out", "moq_test.go", "."}, t.interfaces...) }),
	},
	{
		name: "counterfeiter -generate", own: true,
		runs: eachPackage(func(target) []string { return []string{"./counterfeiter", "-generate"} }),
		files: func(m module) map[string]string {
			files := make(map[string]string)
			for _, t := range m.targets {
				text := "package " + path.Base(path.Join(m.path, t.dir)) + "\n"
				for _, name := range t.interfaces {
					text += "\n//counterfeiter:generate . " + name
				}
				files[path.Join(t.dir, "fakes.go")] = text + "\n"
			}
			return files
		},
	},
	{
		name: "mockery", own: true,
		runs: func(module) []process { return []process{{".", []string{"./mockery", "--log-level=error"}}} },
		files: func(m module) map[string]string {
			text := "all: true\npackages:\n"
			for _, t := range m.targets {
				text += fmt.Sprintf("  %s:\n", path.Join(m.path, t.dir))
			}
			return map[string]string{".mockery.yml": text}
		},
	},
}
