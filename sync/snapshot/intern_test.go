package snapshot

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
)

func TestPresetsShareTheTextsThatTheyHaveInCommon(t *testing.T) {
	read := func() procore.Preset { // every text of its own, as after decoding
		text := func(s string) string { return strings.Clone(s) }
		login := procore.Login{ID: procore.LoginID(text("7")), Login: text("ada@example.com"), Name: text("Ada")}
		return procore.Preset{
			Template:    procore.PresetTemplate{ID: procore.TemplateID(text("1")), Name: text("T"), Published: procore.VersionID(text("2"))},
			Manager:     procore.LoginID(text("7")),
			Memberships: []procore.Membership{{Group: procore.GroupUUID(text("g")), Assignees: []procore.Login{login}}},
			Individual:  []procore.IndividualAssignees{{Step: text("s"), Logins: []procore.StepLogin{{ID: procore.LoginID(text("7")), RoleType: text("r")}}}},
		}
	}
	texts := func(p procore.Preset) []string {
		m, on := p.Memberships[0], p.Individual[0]
		return []string{
			string(p.Template.ID), p.Template.Name, string(p.Template.Published), string(p.Manager), string(m.Group),
			string(m.Assignees[0].ID), m.Assignees[0].Login, m.Assignees[0].Name, on.Step, string(on.Logins[0].ID), on.Logins[0].RoleType,
		}
	}
	var n interner
	a, b := read(), read()
	n.preset(&a)
	n.preset(&b)
	if diff := cmp.Diff(read(), b); diff != "" {
		t.Fatalf("the preset changed (-was +is):\n%s", diff)
	}
	if &a.Memberships[0].Assignees[0] != &b.Memberships[0].Assignees[0] {
		t.Error("two copies of the same people")
	}
	for i, text := range texts(b) {
		if unsafe.StringData(text) != unsafe.StringData(texts(a)[i]) {
			t.Errorf("two copies of %q", text)
		}
	}
}
