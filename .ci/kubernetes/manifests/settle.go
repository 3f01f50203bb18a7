package manifests

import (
	"encoding/json"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// SecondApply returns the patch that `kubectl apply` of the same document would send once the server keeps the object:
// "{}" if it would say "unchanged". It is none where a field is one that the server drops, or stands in a list that is
// replaced whole and lacks one that the server fills in.
func SecondApply(document []byte, kept runtime.Object) (string, error) {
	sent, err := yaml.YAMLToJSON(document)
	if err != nil {
		return "", err
	}
	live, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(reflect.New(reflect.TypeOf(kept).Elem()).Interface())
	if err != nil {
		return "", fmt.Errorf("how lists of %T are merged: %w", kept, err)
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(sent, sent, live, meta, true)
	return string(patch), err
}
