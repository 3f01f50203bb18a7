package sync

import (
	"errors"
	"strings"
	"testing"

	"procore-assignee-sync/hrsource"
)

func acceptances(t *testing.T, csv string) *Acceptances {
	t.Helper()
	a, err := ReadAcceptances("accepted.csv", strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnAcceptanceNeedsKindSubjectDayAndReason(t *testing.T) {
	for _, c := range []struct{ name, csv, says string }{
		{"a missing column", "kind,subject,until\nx,y,2027-01-01\n", "why"},
		{"an unknown kind", "kind,subject,until,why\nnot_there,a,2027-01-01,x\n", `accepted.csv:2: there is no kind "not_there"`},
		{"a kind that is an event", "kind,subject,until,why\nconflict,a,2027-01-01,x\n", `accepted.csv:2: kind "conflict" can't be accepted`},
		{"no subject", "kind,subject,until,why\ninactive,,2027-01-01,x\n", "accepted.csv:2: subject is empty"},
		{"no reason", "kind,subject,until,why\ninactive,a,2027-01-01,\n", "accepted.csv:2: why is empty"},
		{"a bad day", "kind,subject,until,why\ninactive,a,01/02/2027,x\n", `accepted.csv:2: until is "01/02/2027"`},
		{"a day that does not exist", "kind,subject,until,why\ninactive,a,2027-02-30,x\n", `until is "2027-02-30"`},
		{"all at once", "kind,subject,until,why\nx,a,2027-01-01,x\ninactive,a,never,x\n", "accepted.csv:3: until"},
		{"a ragged row", "kind,subject,until,why\ninactive,a\n", "accepted.csv:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadAcceptances("accepted.csv", strings.NewReader(c.csv))
			var wrong *ConfigError
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v, want a *ConfigError", err)
			}
			mentions(t, err.Error(), c.says)
		})
	}
}

func TestAcceptancesMatchKindAndSubject(t *testing.T) {
	a := acceptances(t, "kind,subject,until,why\ninactive,A.B@x.com,2026-12-31,on leave\ninactive,a.b@x.com,2026-12-01,older\n"+
		"\"rule_unused\",*  / Legal / Legal / *,2026-12-31,x\nteam_unused,'=Crew,2026-12-31,as exceptions.csv has it\n")
	for _, c := range []struct {
		kind    Kind
		subject string
		why     string
	}{
		{Inactive, "a.b@X.com", "on leave"},
		{Inactive, "a-b@x.com", ""},
		{Ambiguous, "a.b@x.com", ""},
		{RuleUnused, "* / legal / Legal / *", "x"},
		{TeamUnused, "=crew", "as exceptions.csv has it"},
	} {
		list := []Exception{{Kind: c.kind, Subject: c.subject}}
		a.Mark(list, hrsource.Date{Year: 2026, Month: 12, Day: 31})
		until := ""
		if c.why != "" {
			until = "2026-12-31"
		}
		want(t, string(c.kind)+" "+c.subject, list[0], Exception{Kind: c.kind, Subject: c.subject, Accepted: c.why != "", AcceptedUntil: until, AcceptedWhy: c.why})
		list = []Exception{{Kind: c.kind, Subject: c.subject}}
		a.Mark(list, hrsource.Date{Year: 2027, Month: 1, Day: 1})
		want(t, "afterwards", list[0].Accepted, false)
	}
}

func TestAFileWithoutAcceptancesAcceptsNothing(t *testing.T) {
	list := []Exception{{Kind: Inactive}}
	acceptances(t, "kind,subject,until,why\n").Mark(list, today)
	(*Acceptances)(nil).Mark(list, today)
	want(t, "accepted", list[0].Accepted, false)
}

func FuzzAcceptances(f *testing.F) {
	f.Add("kind,subject,until,why\ninactive,a@x.com,2027-01-01,on leave\n")
	f.Add("kind;subject;until;why\r\n\"conflict\";\"a\nb\";;\r\n")
	f.Fuzz(func(t *testing.T, csv string) {
		a, err := ReadAcceptances("f", strings.NewReader(csv))
		var wrong *ConfigError
		if err != nil && !errors.As(err, &wrong) || (err == nil) != (a != nil) {
			t.Fatalf("error %v with %v", err, a)
		}
	})
}
