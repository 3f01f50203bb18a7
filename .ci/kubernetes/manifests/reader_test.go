package manifests

import (
	"os"
	"testing"
)

func TestThePodThatFetchesReportsIsAcceptedAndSettles(t *testing.T) {
	document, err := os.ReadFile(deploy + "/volumes/reader.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := Admit(document)
	if err != nil {
		t.Fatal(err)
	}
	if patch, err := SecondApply(document, kept); err != nil || patch != "{}" {
		t.Errorf("patch %s, %v", patch, err)
	}
}
