package golden_test

import (
	"context"
	htmltemplate "html/template"
	"testing"
	texttemplate "text/template"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/samename"
	one "github.com/guardgen/guardgen/internal/golden/samename/first/message"
	two "github.com/guardgen/guardgen/internal/golden/samename/second/message"
	guard "github.com/guardgen/guardgen/runtime"
)

type samenameFake struct{ pinger }

func (f samenameFake) Text(ctx context.Context, template *texttemplate.Template, message one.Message) (string, error) {
	r := f.Called("Text", ctx, template, message)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f samenameFake) HTML(ctx context.Context, template *htmltemplate.Template, message *two.Message) (htmltemplate.HTML, error) {
	r := f.Called("HTML", ctx, template, message)
	return exercise.Result[htmltemplate.HTML](r, 0), exercise.Result[error](r, 1)
}

func (f samenameFake) Convert(ctx context.Context, message one.Message) (*two.Message, error) {
	r := f.Called("Convert", ctx, message)
	return exercise.Result[*two.Message](r, 0), exercise.Result[error](r, 1)
}

func TestSamename(t *testing.T) {
	subject[samename.Renderer]{
		Dependency: "renderer",
		Wrap: func(r *guard.HealthRegistry, next samename.Renderer) (samename.Renderer, error) {
			return samename.NewGuardedRenderer(r, next)
		},
		Fake: func(r *exercise.Recorder) samename.Renderer { return samenameFake{pinger{r}} },
	}.Exercise(t)
}
