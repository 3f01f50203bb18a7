package hrsource

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeMap(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roles.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestARoleMapIsReadWithItsLines(t *testing.T) {
	text := "Template;Group;Team;Role;why\r\nSubmittals;Reviewer;Steel;Foreman;x\r\n\r\n*; Approver ;\"Project\r\nManagement\";*;\r\n"
	rows, fingerprint, err := LoadRoleMapCSV(writeMap(t, text))
	if err != nil {
		t.Fatal(err)
	}
	want := []RoleRow{
		{Template: "Submittals", Group: "Reviewer", Team: "Steel", Role: "Foreman", At: Position{Source: "roles.csv", Line: 2}},
		{Template: "*", Group: "Approver", Team: "Project Management", Role: "*", At: Position{Source: "roles.csv", Line: 4}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	sum := sha256.Sum256([]byte(text))
	if fingerprint != hex.EncodeToString(sum[:]) {
		t.Errorf("fingerprint %s", fingerprint)
	}
}

func TestARoleMapMayHoldComments(t *testing.T) {
	text := "# who fills what\n#\ntemplate;group;team;role\n# Submittals;\"Legal;TEAM\n#1;Reviewer;Steel;*\n#\ttab\n\"# 2\";Reviewer;Steel;*\n# the end"
	rows, _, err := LoadRoleMapCSV(writeMap(t, text))
	if err != nil {
		t.Fatal(err)
	}
	want := []RoleRow{
		{Template: "#1", Group: "Reviewer", Team: "Steel", Role: "*", At: Position{Source: "roles.csv", Line: 5}},
		{Template: "# 2", Group: "Reviewer", Team: "Steel", Role: "*", At: Position{Source: "roles.csv", Line: 7}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if _, _, err := LoadRoleMapCSV(writeMap(t, "template,group,team,role\n# A,Legal,Legal,*\n")); err == nil {
		t.Error("a map of comments alone was read")
	}
}

func TestARoleMapThatSaysTooLittleIsRefusedWithAllItsFaults(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"empty cells": {
			"template,group,team,role\n,Reviewer,Steel,*\nA,,Steel,*\n\nA,Reviewer,,*\nA,Reviewer,Steel,\n",
			`PATH:2, column "template": the cell is empty; write its name, or * for any` + "\n" +
				`PATH:3, column "group": the cell is empty; write its name` + "\n" +
				`PATH:5, column "team": the cell is empty; write its name` + "\n" +
				`PATH:6, column "role": the cell is empty; write its name, or * for any`,
		},
		"wildcards where none may be": {
			"template,group,Team,role\n*,*,*,*\n",
			`PATH:2, column "group": * is not allowed here; name each group in a row of its own` + "\n" +
				`PATH:2, column "Team": * is not allowed here; name each team in a row of its own`,
		},
		"empty file":  {"", "PATH: the file is empty; check whether its export failed"},
		"header only": {"template,group,team,role\n", "PATH: there is a header, but no row below it; check whether its export failed"},
		"no role column": {
			"template,group,team\n*,A,B\n",
			`PATH:1: the header has no column "role"; it has "template", "group", "team": rename the column in the export`,
		},
		"a fault and a ragged row": {
			"template,group,team,role\n*,,B,*\n*,A\n",
			`PATH:2, column "group": the cell is empty; write its name` + "\n" +
				`PATH:3: the row has 2 cells, the header has 4; Excel leaves out the last empty cells of a row when it saves CSV: fill the last column in every row, or take the CSV that HR exports, not one that Excel has saved`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeMap(t, tc.text)
			rows, _, err := LoadRoleMapCSV(path)
			var refused *SourceError
			if rows != nil || !errors.As(err, &refused) {
				t.Fatalf("got %v, %v", rows, err)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(err.Error(), path, "PATH")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARoleMapThatIsNotThereIsRefused(t *testing.T) {
	_, _, err := LoadRoleMapCSV("no/such/roles.csv")
	if want := "no/such/roles.csv: cannot be opened: no such file or directory; check ROLE_MAP"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
