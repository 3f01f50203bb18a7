package manifests

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	_ "time/tzdata" // spec.timeZone is checked also where the machine has no time zones

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const deploy = "../../../deploy"

func TestKubernetesAcceptsEveryKustomizationWithoutAWarning(t *testing.T) {
	eachKustomization(t, func(t *testing.T, documents [][]byte) {
		for _, d := range documents {
			if _, err := Admit(d); err != nil {
				t.Errorf("%v\n%s", err, d)
			}
		}
	})
}

func TestASecondApplyChangesNothing(t *testing.T) {
	eachKustomization(t, func(t *testing.T, documents [][]byte) {
		for _, d := range documents {
			kept, err := Admit(d)
			if err != nil {
				t.Fatal(err)
			}
			if patch, err := SecondApply(d, kept); err != nil || patch != "{}" {
				t.Errorf("it would be configured for ever, by %s (%v)\n%s", patch, err, d)
			}
		}
	})
}

// eachKustomization gives the objects of each folder under deploy that can be applied, of the base with each component
// that needs no values of its own, and of the overlays with what stands in them as a comment.
func eachKustomization(t *testing.T, promise func(t *testing.T, documents [][]byte)) {
	t.Helper()
	folders, err := Kustomizations(deploy)
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) < 8 {
		t.Fatalf("only %d kustomizations under %s", len(folders), deploy)
	}
	for _, folder := range folders {
		name, _ := filepath.Rel(deploy, folder)
		t.Run(name, func(t *testing.T) { promise(t, render(t, filesys.MakeFsOnDisk(), folder)) })
	}
	eachComponent(t, promise)
	for _, folder := range []string{"overlays/example", "overlays/two-companies"} {
		t.Run(folder+" with all that it offers", func(t *testing.T) {
			documents := withAllThatItOffers(t, folder)
			if all := string(bytes.Join(documents, nil)); !strings.Contains(all, "suspend: false") || !strings.Contains(all, "kind: PrometheusRule") {
				t.Error("the night is not let go, or has no alerts")
			}
			promise(t, documents)
		})
	}
}

// eachComponent gives the objects of the base with one component.
func eachComponent(t *testing.T, promise func(t *testing.T, documents [][]byte)) {
	t.Helper()
	components, err := filepath.Glob(filepath.Join(deploy, "components", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range components {
		component := filepath.Base(folder)
		if component == "company" { // overlays/two-companies has it
			continue
		}
		t.Run("components/"+component, func(t *testing.T) { promise(t, withComponent(t, component)) })
	}
}

func render(t *testing.T, files filesys.FileSystem, folder string) [][]byte {
	t.Helper()
	documents, err := Render(files, folder)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// withComponent renders the base with one component.
func withComponent(t *testing.T, component string) [][]byte {
	t.Helper()
	files := inMemory(t)
	overlay := strings.Join([]string{
		"resources: [../base]",
		"components: [../components/" + component + "]",
		"configMapGenerator:",
		"  - {name: assignee-sync-settings, behavior: merge, literals: [SYNC_TIMEZONE=Europe/Vienna]}",
	}, "\n")
	if err := files.WriteFile("/deploy/overlay/kustomization.yaml", []byte(overlay)); err != nil {
		t.Fatal(err)
	}
	return render(t, files, "/deploy/overlay")
}

// offered is a line of a kustomization that stands there as a comment, to be taken in.
var offered = regexp.MustCompile(`(?m)^( *)# (- \.\./|patches:|components:|  )`)

// withAllThatItOffers renders an overlay in which nothing is a comment that could be taken in.
func withAllThatItOffers(t *testing.T, folder string) [][]byte {
	t.Helper()
	files := inMemory(t)
	for _, name := range []string{folder, folder + "/north", folder + "/south"} {
		name = filepath.Join("/deploy", name, "kustomization.yaml")
		content, err := files.ReadFile(name)
		if err != nil {
			continue // not every overlay is one of companies
		}
		if err := files.WriteFile(name, offered.ReplaceAll(content, []byte("$1$2"))); err != nil {
			t.Fatal(err)
		}
	}
	return render(t, files, filepath.Join("/deploy", folder))
}

// inMemory gives a copy of deploy/, as /deploy, that can be written to.
func inMemory(t *testing.T) filesys.FileSystem {
	t.Helper()
	files := filesys.MakeFsInMemory()
	err := filepath.WalkDir(deploy, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(deploy, path)
		if err != nil {
			return err
		}
		return files.WriteFile(filepath.Join("/deploy", name), content)
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
