package golden_test

import (
	"context"
	htmltemplate "html/template"
	"testing"
	texttemplate "text/template"

	"github.com/guardgen/guardgen/internal/golden/samename"
	one "github.com/guardgen/guardgen/internal/golden/samename/first/message"
	two "github.com/guardgen/guardgen/internal/golden/samename/second/message"
	guard "github.com/guardgen/guardgen/runtime"
)

type samenameFake struct{ pinger }

func (f samenameFake) Text(ctx context.Context, template *texttemplate.Template, message one.Message) (string, error) {
	r := f.called("Text", ctx, template, message)
	return result[string](r, 0), result[error](r, 1)
}

func (f samenameFake) HTML(ctx context.Context, template *htmltemplate.Template, message *two.Message) (htmltemplate.HTML, error) {
	r := f.called("HTML", ctx, template, message)
	return result[htmltemplate.HTML](r, 0), result[error](r, 1)
}

func (f samenameFake) Convert(ctx context.Context, message one.Message) (*two.Message, error) {
	r := f.called("Convert", ctx, message)
	return result[*two.Message](r, 0), result[error](r, 1)
}

func TestSamename(t *testing.T) {
	subject[samename.Renderer]{
		dependency: "renderer",
		wrap: func(r *guard.HealthRegistry, next samename.Renderer) (samename.Renderer, error) {
			return samename.NewGuardedRenderer(r, next)
		},
		fake: func(r *recorder) samename.Renderer { return samenameFake{pinger{r}} },
	}.exercise(t)
}
