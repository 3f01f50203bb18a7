package manifests

import (
	"os"
	"path/filepath"
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

// eachKustomization gives the objects of each folder under deploy that can be applied, and of the base with each
// component that needs no values of its own.
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
	files := filesys.MakeFsInMemory()
	for _, folder := range []string{"base", "components"} {
		err := filepath.WalkDir(filepath.Join(deploy, folder), func(path string, entry os.DirEntry, err error) error {
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
	}
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
