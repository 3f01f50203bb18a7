package sync

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
)

func TestPositionsAreReadBackFromTheirColumn(t *testing.T) {
	file := rapid.StringMatching(`[a-z;. ()]{0,8}[a-z]\.csv`)
	rapid.Check(t, func(t *rapid.T) {
		positions := PositionsOf(rapid.SliceOf(rapid.Custom(func(t *rapid.T) hrsource.Position {
			n := rapid.IntRange(1, 200_000).Draw(t, "number")
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				return hrsource.Position{Source: file.Draw(t, "file"), Line: n}
			case 1:
				return hrsource.Position{Source: "hr_team_members", Row: n}
			default:
				return hrsource.Position{Source: "hr_team_members", Row: n, Detail: "employee 00123"}
			}
		})).Draw(t, "positions"))
		if got := ReadPositions(positions.String()); !slices.Equal(got, positions) {
			t.Fatalf("%q is read back as %q", positions, got)
		}
	})
}

func FuzzPositions(f *testing.F) {
	f.Add("hr;1.csv:14;hr;1.csv:27")
	f.Add("hr_team_members row 17, employee 00123;hr_team_members row 18")
	f.Add(";;names;")
	f.Fuzz(func(t *testing.T, column string) {
		if again := ReadPositions(column).String(); again != column {
			t.Fatalf("%q is written as %q once it was read", column, again)
		}
	})
}
