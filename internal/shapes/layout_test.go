package shapes

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// layOut gives the module of one shape another layout.
func (m *module) layOut(s *shape) {
	m.Helper()
	switch s.layout {
	case "vendor":
		m.makeModule(s.name + "/lib")
		m.goCommand("mod", "edit", "-require=example.com/lib@v0.0.0", "-replace=example.com/lib=./"+s.name+"/lib")
	case "workspace":
		m.makeModule(s.name + "/lib")
		m.env = append(m.env, "GOFLAGS=", "GOWORK=")
		m.goCommand("work", "init", ".", "./"+s.name+"/lib")
	case "overlay":
		m.overlay = make(map[string][]byte)
		replace := make(map[string]string)
		changed, err := filepath.Glob(filepath.Join(m.dir, s.name, "*.overlay"))
		if err != nil {
			m.Fatal(err)
		}
		for _, path := range changed {
			text, err := os.ReadFile(path)
			if err != nil {
				m.Fatal(err)
			}
			original := strings.TrimSuffix(path, ".overlay")
			m.overlay[original], replace[original] = text, path
		}
		list, err := json.Marshal(map[string]any{"Replace": replace})
		if err != nil {
			m.Fatal(err)
		}
		m.write(filepath.Join(m.dir, "overlay.json"), list)
		m.flags = []string{"-overlay=" + filepath.Join(m.dir, "overlay.json")}
	default:
		m.Fatalf("shape %s: there is no layout %s", s.name, s.layout)
	}
}

// makeModule makes a folder a module of its own. In testdata its go.mod would hide it.
func (m *module) makeModule(folder string) {
	path := filepath.Join(m.dir, folder, "go.mod")
	if err := os.Rename(path+".txt", path); err != nil {
		m.Fatal(err)
	}
}

// vendor holds that the same is generated from a vendor directory. What the generated file imports is not in it, as on the
// first run of a user.
func (m *module) vendor(s *shape) {
	path := filepath.Join(m.dir, s.name, "dep_guard.go")
	want, err := os.ReadFile(path)
	if err != nil {
		m.Fatal(err)
	}
	for _, written := range []string{path, filepath.Join(m.dir, s.name, "exercise_"+s.name+"_test.go")} {
		if err := os.Remove(written); err != nil {
			m.Fatal(err)
		}
	}
	if _, said := m.goCommand("mod", "vendor"); said != "" {
		m.Log(said)
	}
	if err := os.RemoveAll(filepath.Join(m.dir, s.name, "lib")); err != nil { // there is only the copy
		m.Fatal(err)
	}
	m.env = append(m.env, "GOFLAGS=-mod=vendor")
	s.clients, s.methods, s.guarded = 0, 0, 0
	m.generate("")
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		s.problem("another text from a vendor directory: %v", err)
	}
}
