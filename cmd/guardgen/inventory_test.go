package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestEachFieldOfTheJSONIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/inventory.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []any{client{}, method{}, line{}} {
		for field := range reflect.TypeOf(of).Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.IsExported() && !strings.Contains(string(page), "| `"+name+"` |") {
				t.Errorf("docs/inventory.md does not know %s of %T", name, of)
			}
		}
	}
}
