package running

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// mine makes the sample's step wait for the credentials' own user too.
func mine() *fakeProcore {
	f := sample()
	s := f.instances["700"].Step
	s.Responses = append(s.Responses, procore.ResponseOccurrence{Assignee: people("9")[0]})
	return f
}

func approve(option string) []Decision {
	return []Decision{{Ref: procore.InstanceRef{Project: "501", Instance: "700"}, Option: option, Comment: "ok"}}
}

func TestTheInboxHoldsWhatWaitsForThisUserAlone(t *testing.T) {
	got, failed := Inbox(context.Background(), mine(), "9", []Place{place})
	if len(failed) > 0 || len(got) != 1 || got[0].Instance != "700" || len(got[0].Options) != 2 {
		t.Errorf("%+v, %v", got, failed)
	}
	if got, _ := Inbox(context.Background(), sample(), "9", []Place{place}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAnOptionIsFoundByItsIdOrItsFoldedName(t *testing.T) {
	options := []procore.ResponseOption{{ID: "31", Name: "Approve"}, {ID: "32", Name: "31"}, {ID: "33", Name: "Hold"}, {ID: "34", Name: "hold"}}
	for text, want := range map[string]procore.ResponseOptionID{"APPROVE ": "31", "31": "31", "34": "34", "Hold": "", "": "", "reject": ""} {
		got, found := optionNamed(text, options)
		if got.ID != want || found != (want != "") {
			t.Errorf("%q is %v, %v", text, got, found)
		}
	}
}

func TestAnUnknownOptionListsThoseThereAre(t *testing.T) {
	_, problems := Prepare(context.Background(), mine(), "9", approve("Maybe"))
	var option *OptionError
	if len(problems) != 1 || !errors.As(problems[0], &option) || option.ExitCode() != sync.ExitUsage {
		t.Fatalf("%v", problems)
	}
	for _, part := range []string{`"Approve" (31)`, `"Reject" (32)`} {
		if !strings.Contains(option.Error(), part) {
			t.Errorf("%q does not mention %s", option, part)
		}
	}
}

// The report of a conflict says what was asked for and what stands there, also where the asked option is on the step no more.
func TestAConflictNamesTheAnswerThatWasAskedForAndTheOneThatStandsThere(t *testing.T) {
	for _, asked := range []string{"approve", "31", "Reject"} {
		f := mine()
		r := &f.instances["700"].Step.Responses[1]
		r.Submitted, r.Selected, r.Comment = true, &procore.ResponseOption{ID: "40", Name: "Send back"}, "see mail"
		prepared, problems := Prepare(t.Context(), f, "9", approve(asked))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		got := Respond(t.Context(), prepared, f, &fakeJournal{f: f}, RespondOptions{Person: "9"})[0]
		if got.Status != sync.Conflict || !strings.EqualFold(got.Option.Name, strings.Replace(asked, "31", "Approve", 1)) ||
			!strings.Contains(got.Error, `"Send back" with comment "see mail"`) {
			t.Errorf("asked for %q: %+v", asked, got)
		}
	}
}

func TestWhatBecomesOfOneResponse(t *testing.T) {
	answered := func(option procore.ResponseOptionID, comment string) func(*fakeProcore) {
		return func(f *fakeProcore) {
			r := &f.instances["700"].Step.Responses[1]
			r.Submitted, r.Selected, r.Comment = true, &procore.ResponseOption{ID: option, Name: "Approve"}, comment
		}
	}
	cases := []struct {
		rule   string
		before func(*fakeProcore) // the workflow is read
		after  func(*fakeProcore) // it was
		status sync.Status
		events string
	}{
		{rule: "it is journalled, sent and read again", status: sync.Applied, events: "intent, respond 700, read 700, outcome applied"},
		{rule: "the same answer as before is done", before: answered("31", "ok"), status: sync.Applied},
		{rule: "another answer of this user is a conflict", before: answered("32", "ok"), status: sync.Conflict},
		{rule: "another comment too", before: answered("31", "no"), status: sync.Conflict},
		{
			rule: "a step that is not this user's is a conflict", status: sync.Conflict,
			before: func(f *fakeProcore) { s := f.instances["700"].Step; s.Responses = s.Responses[:1] },
		},
		{rule: "a workflow that has ended is a conflict", before: func(f *fakeProcore) { f.instances["700"].Ended = true }, status: sync.Conflict},
		{
			rule: "a step that moved on before is a conflict", status: sync.Conflict,
			after:  func(f *fakeProcore) { f.instances["700"].Step.ID = "901" },
			events: "intent, respond 700, read 700, outcome conflict",
		},
		{
			rule: "a step that moves on once the answer was taken is done", status: sync.Applied,
			after: func(f *fakeProcore) {
				f.before = func(event string, f *fakeProcore) {
					if event == "read 700" {
						f.instances["700"].Step.ID = "901"
					}
				}
			},
			events: "intent, respond 700, read 700, outcome applied",
		},
		{
			rule: "an answer that was taken and got lost is not sent again", status: sync.Applied,
			after:  func(f *fakeProcore) { f.lost = []error{noAnswer()} },
			events: "intent, respond 700, read 700, outcome applied",
		},
		{
			rule: "one that was not taken is sent again after a look", status: sync.Applied,
			after:  func(f *fakeProcore) { f.inviteErr = []error{status(503)} },
			events: "intent, respond 700, read 700, pause, intent, respond 700, read 700, outcome applied",
		},
		{
			rule: "one that is acknowledged and not there is a failure", status: sync.Failed,
			after:  func(f *fakeProcore) { f.ignored = true },
			events: "intent, respond 700, read 700, outcome failed",
		},
		{
			rule: "a refusal is a failure", status: sync.Failed,
			after:  func(f *fakeProcore) { f.inviteErr = []error{status(403)} },
			events: "intent, respond 700, read 700, outcome failed",
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			f := mine()
			if c.before != nil {
				c.before(f)
			}
			prepared, problems := Prepare(context.Background(), f, "9", approve("approve"))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			f.events = nil
			if c.after != nil {
				c.after(f)
			}
			out := Respond(context.Background(), prepared, f, &fakeJournal{f: f}, RespondOptions{Person: "9"})
			if out[0].Status != c.status || f.log() != c.events {
				t.Errorf("%s (%s); what happened: %s\nwant: %s", out[0].Status, out[0].Error, f.log(), c.events)
			}
		})
	}
}

// A deadline that is over, as SYNC_MAX_DURATION sets one.
func TestOnceTheTimeAllowedIsOverNothingIsAnsweredAnyMore(t *testing.T) {
	f := mine()
	prepared, _ := Prepare(context.Background(), f, "9", approve("approve"))
	f.events = nil
	ctx, cancel := context.WithDeadline(context.Background(), time.Time{})
	defer cancel()
	out := Respond(ctx, prepared, f, &fakeJournal{f: f}, RespondOptions{Person: "9"})
	if out[0].Status != sync.NotAttempted || !strings.Contains(out[0].Error, "SYNC_MAX_DURATION") || len(f.events) > 0 {
		t.Errorf("%s (%s); what happened: %s", out[0].Status, out[0].Error, f.log())
	}
}

func TestAnAnswerThatAStopKeepsFromBeingSentAgainFailed(t *testing.T) {
	f := mine()
	prepared, _ := Prepare(context.Background(), f, "9", approve("approve"))
	f.events, f.inviteErr = nil, []error{status(503)}
	ctx, stop := context.WithCancel(context.Background())
	f.before = func(event string, _ *fakeProcore) {
		if event == "pause" {
			stop()
		}
	}
	out := Respond(ctx, prepared, f, &fakeJournal{f: f}, RespondOptions{Person: "9"})
	if !strings.Contains(out[0].Error, "look in Procore") {
		t.Errorf("nothing says that its fate is not known: %s", out[0].Error)
	}
	if want := "intent, respond 700, read 700, pause, outcome failed"; out[0].Status != sync.Failed || f.log() != want {
		t.Errorf("%s (%s); what happened: %s\nwant: %s", out[0].Status, out[0].Error, f.log(), want)
	}
}

func TestAnAnswerThatProcoreNeverTookIsNotCalledRefused(t *testing.T) {
	f := mine()
	prepared, _ := Prepare(context.Background(), f, "9", approve("approve"))
	f.inviteErr = []error{status(503), status(503)}
	out := Respond(context.Background(), prepared, f, &fakeJournal{f: f}, RespondOptions{Person: "9", MaxAttempts: 2})
	if out[0].Status != sync.Failed || !strings.Contains(out[0].Error, "not answered in 2 attempts") {
		t.Errorf("%s (%s)", out[0].Status, out[0].Error)
	}
}

func TestAProjectIsFoundByItsIdOrItsNumberIfItIsOneAlone(t *testing.T) {
	projects := []procore.Project{{ID: "501", Number: "24-017", Name: "Harbour"}, {ID: "502", Number: "501"}, {ID: "503", Number: "Depot"}, {ID: "504", Number: "depot"}}
	for text, want := range map[string]procore.ProjectID{
		"24-017 ": "501", "502": "502", "id:501": "501", "number:501": "502", "501": "", "depot": "", "24-071": "", "Harbour": "", "": "", "id:24-017": "", "number:503": "",
	} {
		got, err := FindProject(projects, text)
		var unknown *UnknownProjectError
		if got.ID != want || (err == nil) != (want != "") || err != nil && !errors.As(err, &unknown) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	_, err := FindProject(projects, "501")
	if text := err.Error(); !strings.Contains(text, "id 501 (number 24-017, Harbour) or id 502 (number 501, without a name): give the id as id:501") {
		t.Error(text)
	}
	if _, err := FindProject(projects, "24-071"); !strings.Contains(err.Error(), `did you mean "24-017"`) {
		t.Error(err)
	}
}

func TestDecisionsNameTheirProjectByIdOrNumberAndEachWorkflowOnce(t *testing.T) {
	f := &directory{projects: []procore.Project{{ID: "501", Number: "24-017"}, {ID: "502", Number: "7"}, {ID: "503", Number: "7"}}}
	at := func(project, instance string) Decision {
		return Decision{Ref: procore.InstanceRef{Project: procore.ProjectID(project), Instance: procore.InstanceID(instance)}, At: hrsource.Position{Source: "d.csv", Line: 2}}
	}
	got, problems := Resolve(t.Context(), f, []Decision{at("24-017", "1"), at("", "2"), at("999", "3")})
	if len(problems) > 0 || got[0].Ref.Project != "501" || got[1].Ref.Project != "" || got[2].Ref.Project != "999" {
		t.Errorf("%+v, %v", got, problems)
	}
	_, problems = Resolve(t.Context(), f, []Decision{at("24-017", "1"), at("7", "2"), at("24-x", "3"), at("501", "1")})
	if text := errors.Join(problems...).Error(); len(problems) != 3 || strings.Count(text, "d.csv:2: ") != 3 || !strings.Contains(text, "answered twice") {
		t.Error(text)
	}
}
