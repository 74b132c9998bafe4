// Package samename is a golden for imports of one name: each has a name of its own in the generated file.
package samename

import (
	"context"
	htmltemplate "html/template"
	texttemplate "text/template"

	one "github.com/guardgen/guardgen/internal/golden/samename/first/message"
	two "github.com/guardgen/guardgen/internal/golden/samename/second/message"
)

// Renderer renders messages.
//
//guard:dependency name=renderer
type Renderer interface {
	//guard:probe
	Ping(ctx context.Context) error

	Text(ctx context.Context, template *texttemplate.Template, message one.Message) (string, error)
	HTML(ctx context.Context, template *htmltemplate.Template, message *two.Message) (htmltemplate.HTML, error)
	Convert(context.Context, one.Message) (*two.Message, error)
}
