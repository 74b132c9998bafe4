package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// header returns what stands above the package clause. The condition of the source becomes that of the file.
func header(source *annotations.File) string {
	text := annotations.GeneratedHeader(source.Path)
	if source.BuildTag != "" {
		text += "\n\n//go:build " + source.BuildTag
	}
	return text
}

// Tie is the constant of the runtime by which a generated file says which runtimes speak its language.
const Tie = "GeneratedCodeV1"

// versionTie is the line that fails to compile where the runtime is older than the file.
func versionTie(im *imports) []jen.Code {
	return append(comment(prose(
		"The runtime must speak the language of this file: if the next line does not compile, raise",
		"github.com/guardgen/guardgen in go.mod; if it is deprecated, run go generate again.")),
		jen.Const().Id("_").Op("=").Add(im.guard(Tie)),
	)
}
