package manifests

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Kustomizations returns the folders below root that can be built by themselves, sorted: all but components.
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
	var documents [][]byte
	for _, object := range objects.Resources() {
		document, err := object.AsYAML()
		if err != nil {
			return nil, fmt.Errorf("build %s: %w", folder, err)
		}
		documents = append(documents, document)
	}
	return documents, nil
}
