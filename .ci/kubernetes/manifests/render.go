package manifests

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Kustomizations gives the folders below root that can be applied by themselves, sorted. Components and the parts of
// an overlay are among them only through what uses them.
func Kustomizations(root string) ([]string, error) {
	var folders []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "components" {
			return filepath.SkipDir
		}
		if err == nil && entry.Name() == "kustomization.yaml" {
			folders = append(folders, filepath.Dir(path))
		}
		return err
	})
	slices.Sort(folders)
	return folders, err
}

// Render builds one kustomization as `kubectl apply -k` does, and gives its objects as YAML documents.
func Render(files filesys.FileSystem, folder string) ([][]byte, error) {
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, folder)
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", folder, err)
	}
	all, err := objects.AsYaml()
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", folder, err)
	}
	return documents(all)
}

// documents parts a stream of YAML documents.
func documents(stream []byte) ([][]byte, error) {
	var parts [][]byte
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream)))
	for {
		part, err := reader.Read()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(part)) > 0 {
			parts = append(parts, part)
		}
	}
}
