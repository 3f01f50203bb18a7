package hrsource

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestARowIsReadAsTheDesignSays(t *testing.T) {
	roster := mustLoad(t, header+
		" 00123 , Ann.Lee@X.Example ,ANN@login.example,\"Lee,\nAnn\",Steel  Crew,Foreman,*,ACTIVE,2026-01-02,0000-00-00\n"+
		"00124,,,,Steel,,24-017,,,\n", nil)
	want := []Member{
		{
			EmployeeID: "00123", Email: "ann.lee@x.example", ProcoreLogin: "ann@login.example", Name: "Lee, Ann",
			Team: "Steel  Crew", Role: "Foreman", Project: EveryProject, Status: Active, Start: Date{2026, 1, 2},
			At: []Position{{Source: "hr.csv", Line: 2}},
		},
		{EmployeeID: "00124", Team: "Steel", Project: "24-017", Status: Active, At: []Position{{Source: "hr.csv", Line: 4}}},
	}
	if diff := cmp.Diff(want, roster.Members); diff != "" {
		t.Error(diff)
	}
}

func TestExactDuplicatesAreMergedAndCounted(t *testing.T) {
	roster := mustLoad(t, "email,team,status,end_date,cost center\n"+
		"a@x.example,Steel,active,,1\n"+
		"b@x.example,Steel,,,1\n"+
		" A@x.example ,Steel,Current,0000-00-00,2\n"+
		"a@x.example,steel,active,,1\n"+
		"a@x.example,Steel,,,3\n", nil)
	if roster.Rows != 5 || roster.Accepted != 5 || roster.Duplicates != 2 || len(roster.Members) != 3 {
		t.Errorf("%d rows, %d accepted, %d duplicates, %d members", roster.Rows, roster.Accepted, roster.Duplicates, len(roster.Members))
	}
	at := func(lines ...int) (positions []Position) {
		for _, line := range lines {
			positions = append(positions, Position{Source: "hr.csv", Line: line})
		}
		return positions
	}
	var got [][]Position
	for _, m := range roster.Members {
		got = append(got, m.At)
	}
	if diff := cmp.Diff([][]Position{at(2, 4, 6), at(3), at(5)}, got); diff != "" {
		t.Error(diff)
	}
}

func TestARosterSaysWhereItIsFrom(t *testing.T) {
	text := "email,team\na@x.example,Steel"
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, written, written); err != nil {
		t.Fatal(err)
	}
	roster, err := CSV{Path: path}.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	want := &Roster{
		Source: path, Key: "csv", Fingerprint: hex.EncodeToString(sum[:]), UpdatedAt: written,
		Rows: 1, Accepted: 1, UnterminatedLastRow: &Position{Source: "people.csv", Line: 2},
		Members: []Member{{Email: "a@x.example", Team: "Steel", Status: Active, At: []Position{{Source: "people.csv", Line: 2}}}},
		Columns: ColumnUse{Used: []UsedColumn{{"email", "email", true}, {"team", "team", true}}, Unused: []string{}},
	}
	if diff := cmp.Diff(want, roster); diff != "" {
		t.Error(diff)
	}
}

func TestStandardInputIsRead(t *testing.T) {
	roster, err := CSV{Path: "-", Stdin: strings.NewReader("email,team\na@x.example,Steel\n")}.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if roster.Source != "standard input" || roster.Key != "csv" || !roster.UpdatedAt.IsZero() || roster.Members[0].At[0].String() != "stdin:2" {
		t.Errorf("got %+v", roster)
	}
	_, err = CSV{Path: "-", Stdin: strings.NewReader("")}.Load(context.Background())
	if want := "standard input: the file is empty; check whether its export failed"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestACancelledLoadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := CSV{Path: "-", Stdin: strings.NewReader("email,team\na@x.example,Steel\n")}.Load(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWaitingForStandardInputCanBeCancelled(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	silent, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := CSV{Path: "-", Stdin: silent}.Load(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLoginsMayBeNumbersAndWideCharactersStayWhole(t *testing.T) {
	roster := mustLoad(t, "employee_id,email,team\n"+
		"9007199254740993,\u200björg@straße.example\u00a0,現場\n"+
		"1E5,info@例え.example,\ufeffSteel\n", nil)
	if len(roster.Rejected) > 0 {
		t.Fatal(roster.Rejected)
	}
	if got := roster.Members[0]; got.EmployeeID != "9007199254740993" || got.Email != "jörg@straße.example" || got.Team != "現場" {
		t.Errorf("got %+v", got)
	}
	if got := roster.Members[1]; got.EmployeeID != "1E5" || got.Team != "Steel" {
		t.Errorf("got %+v", got)
	}
}

// drawLines draws rows of few people and teams, so that they meet each other often.
func drawLines(t *rapid.T) []string {
	cell := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	rows := make([]string, rapid.IntRange(1, 12).Draw(t, "rows"))
	for i := range rows {
		rows[i] = strings.Join([]string{
			cell("id", "", "1", "2", "3", "1E+5"),
			cell("email", "", "a@x.example", "A@X.example", "b@x.example", "c@x.example", "broken"),
			cell("login", "", "", "p@x.example", "q@x.example"),
			"Ann", cell("team", "Steel", "Steel", "Concrete", ""), // a row of empty cells would be no row
			"", cell("project", "", "*", "7"), cell("status", "", "active", "terminated", "zombie"),
			cell("start", "", "2026-01-01", "bad"), "",
		}, ",")
		if strings.Trim(rows[i], ",") == "" {
			rows[i] = ",,,,Steel,,,,," // a row without any text is no row
		}
	}
	return rows
}

// accepted returns the members without their positions, sorted.
func accepted(r *Roster) []string {
	var members []string
	for _, m := range r.Members {
		count := len(m.At)
		m.At = nil
		members = append(members, fmt.Sprintf("%+v, %d times", m, count))
	}
	slices.Sort(members)
	return members
}

func TestTheOrderOfRowsNeverChangesWhoIsAccepted(t *testing.T) {
	load := func(t *rapid.T, rows []string) *Roster {
		roster, err := CSV{Path: "-", Stdin: strings.NewReader(header + strings.Join(rows, "\n") + "\n")}.Load(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return roster
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := drawLines(t)
		first, second := load(t, rows), load(t, rapid.Permutation(rows).Draw(t, "other order"))
		if diff := cmp.Diff(accepted(first), accepted(second)); diff != "" {
			t.Fatal(diff)
		}
		for _, r := range []*Roster{first, second} {
			positions := 0
			for _, m := range r.Members {
				positions += len(m.At)
			}
			if r.Rows != len(rows) || r.Accepted+len(r.Rejected) != r.Rows || positions != r.Accepted || r.Duplicates != r.Accepted-len(r.Members) {
				t.Fatalf("the counts do not add up: %+v", r)
			}
		}
	})
}

func TestAcceptedRowsNeverContradictEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roster, err := CSV{
			Path: "-", Stdin: strings.NewReader(header + strings.Join(drawLines(t), "\n") + "\n"),
		}.Load(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		here := slices.DeleteFunc(roster.Members, func(m Member) bool { return m.Status == Terminated })
		for _, a := range here {
			if a.EmployeeID == "" && a.Email == "" || a.Team == "" {
				t.Fatalf("%+v is accepted", a)
			}
			for _, b := range here {
				sameID := a.EmployeeID != "" && a.EmployeeID == b.EmployeeID && a.Email != "" && b.Email != "" && a.Email != b.Email
				sameMail := a.Email != "" && a.Email == b.Email && a.EmployeeID != "" && b.EmployeeID != "" && a.EmployeeID != b.EmployeeID
				if (sameID || sameMail) && (a.ProcoreLogin == "" || a.ProcoreLogin != b.ProcoreLogin) {
					t.Fatalf("both are accepted:\n%+v\n%+v", a, b)
				}
			}
		}
	})
}

// FuzzRows holds that no row breaks the loader, and that what it accepts is whole.
func FuzzRows(f *testing.F) {
	for _, rows := range []string{
		"1,a@x.example,,Ann,Steel,,,,2026-01-01,",
		"N/A,a@x.example,,Ann,Steel;Legal,,,aktiv,,1900-01-01\n####,n/a,,,Legal|,\"a\nb\",,T,1900-01-00,",
		"1,a@x.example,,,A,,,terminated,,\n2,A@x.example,,,A,,,,,2019-12-31\n3,a@x.example,,,A,,,,,\n",
		"=\"00123\",\u200Ea@x.example\u202C,,,Legal,,=\"24-017\",,\u200E2026-\u200E01-31,31.12.99\n",
		"Total: 2,,,,,,,,,\n" + header,
		"1.23E+11,\u0130@x.example,,,=A1,,24.0,,46022,0000-00-00\n",
	} {
		f.Add(rows)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		roster, err := CSV{Path: "-", Stdin: strings.NewReader(header + rows)}.Load(context.Background())
		if err != nil {
			if refused := (*SourceError)(nil); !errors.As(err, &refused) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if roster.Accepted+len(roster.Rejected) != roster.Rows || roster.Rows == 0 {
			t.Fatalf("%+v", roster)
		}
		for _, m := range roster.Members {
			valid := m.Email == "" || isAddress(m.Email) && m.Email == FoldAddress(m.Email)
			if m.Team == "" || m.EmployeeID == "" && m.Email == "" || !valid || m.Status == "" || len(m.At) == 0 {
				t.Fatalf("%+v is accepted", m)
			}
			if !m.Start.IsZero() && !m.End.IsZero() && m.End.Before(m.Start) {
				t.Fatalf("%+v ends before it begins", m)
			}
		}
		for _, row := range roster.Rejected {
			if row.Reason == "" || row.At.Line < 2 || len(row.WrongColumns) == 0 {
				t.Fatalf("%+v is rejected without a reason", row)
			}
		}
		told := 0
		for _, cause := range roster.Causes {
			if cause.Rows < 1 || len(cause.At) == 0 || len(cause.At) > min(cause.Rows, MostAt) || strings.ContainsAny(cause.String(), "\n\r") {
				t.Fatalf("%+v", cause)
			}
			told += cause.Rows
		}
		if told < len(roster.Rejected) {
			t.Fatalf("%d rows are rejected, the causes tell of %d: %v", len(roster.Rejected), told, roster.Causes)
		}
	})
}
