package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheDocumentsNameOnlyWhatIsThere looks up every file, and every function and type that is written with its package or
// receiver, in ARCHITECTURE.md, CONTRIBUTING.md and docs.
func TestTheDocumentsNameOnlyWhatIsThere(t *testing.T) {
	const root = "../.."
	declared := declarations(t, root)
	names := regexp.MustCompile("`(?:[a-z]\\w*|[A-Z]\\w*)\\.(?:\\(\\*?\\w+\\)\\.|[A-Z]\\w*\\.)?([A-Za-z]\\w+)`")
	files := regexp.MustCompile("`((?:cmd|sync|hrsource|procore|migrations|deploy|redact|testdata|\\.ci)/[\\w*./-]*)`")
	docs, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, doc := range append(docs, root+"/ARCHITECTURE.md", root+"/CONTRIBUTING.md") {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range names.FindAllStringSubmatch(string(text), -1) {
			if name := m[1]; strings.ToLower(name) != name || declared[name] {
				found++
				if !declared[name] {
					t.Errorf("%s speaks of %s, and nothing of that name is declared", doc, m[0])
				}
			}
		}
		for _, m := range files.FindAllStringSubmatch(string(text), -1) {
			if there, _ := filepath.Glob(filepath.Join(root, m[1])); len(there) == 0 {
				t.Errorf("%s speaks of the file %s, which is not there", doc, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d names were found in the documents: is it still written how the code is called?", found)
	}
}

// declarations returns the names of all functions, methods and types of the program.
func declarations(t *testing.T, root string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^(?:func (?:\([^)]*\) )?|type )(\w+)`)
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declaration.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
