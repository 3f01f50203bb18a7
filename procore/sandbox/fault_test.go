package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// faulty returns options with the faults of a text.
func faulty(t *testing.T, text string) Options {
	t.Helper()
	faults, err := ParseFaults(text)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Faults: faults, LogRequests: true}
}

func TestAStatusFaultAnswersInPlaceOfTheServer(t *testing.T) {
	for _, status := range []int{401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504} {
		for _, retryAfter := range []string{"", " retry-after=7"} {
			text := strconv.Itoa(status) + retryAfter
			t.Run(text, func(t *testing.T) {
				overBoth(t, smallCompany(), faulty(t, text+" on=*Assignees"), func(t *testing.T, a *api) {
					got := a.login().patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
					if got.status != status || got.header.Get("Retry-After") != strings.TrimPrefix(retryAfter, " retry-after=") {
						t.Errorf("answered %d with Retry-After %q", got.status, got.header.Get("Retry-After"))
					}
					if len(a.server.History()) != 0 {
						t.Error("the write was applied")
					}
					if got := a.get(towerAt); got.status != http.StatusOK {
						t.Errorf("another operation answered %d", got.status)
					}
				})
			})
		}
	}
}

func TestAnAppliedFaultDoesWhatWasAsked(t *testing.T) {
	for text, status := range map[string]int{"502 applied": 502, "lost": 0, "reset applied": 0, "refuse applied": 0, "timeout delay=1ms applied": 0} {
		t.Run(text, func(t *testing.T) {
			overBoth(t, smallCompany(), faulty(t, text+" on=PATCH:*/assignees"), func(t *testing.T, a *api) {
				a.login()
				got := a.patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
				if got.status != status || (got.err == nil) != (status != 0) {
					t.Errorf("answered %d (%v), want %d", got.status, got.err, status)
				}
				writes := a.server.History()
				if len(writes) != 1 || writes[0].Fault == "" {
					t.Fatalf("%d writes applied, want 1 marked with its fault", len(writes))
				}
			})
		})
	}
}

func TestAConnectionThatFailsDoesNothing(t *testing.T) {
	for text, errno := range map[string]error{"refuse": syscall.ECONNREFUSED, "reset": syscall.ECONNRESET, "timeout delay=1ms": syscall.ECONNRESET} {
		t.Run(text, func(t *testing.T) {
			overBoth(t, smallCompany(), faulty(t, text+" on=*Assignees"), func(t *testing.T, a *api) {
				got := a.login().patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
				if got.err == nil {
					t.Fatalf("answered %d", got.status)
				}
				if strings.HasPrefix(a.base, "https") && !errors.Is(got.err, errno) {
					t.Errorf("failed with %v, want %v", got.err, errno)
				}
				if len(a.server.History()) != 0 {
					t.Error("the write was applied")
				}
			})
		})
	}
}

func TestATimeoutLastsUntilTheCallerGivesUp(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "timeout on=getProjectPreset"), func(t *testing.T, a *api) {
		a.login()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if got := a.sendAnyway(a.request("GET", towerAt, nil).WithContext(ctx)); !errors.Is(got.err, context.DeadlineExceeded) {
			t.Errorf("answered %d (%v), want the caller's deadline", got.status, got.err)
		}
	})
}

func TestABodyCanBeSpoiled(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		whole := a.login().get(towerAt).body
		tests := []struct {
			text, contentType string
			broken, isJSON    bool
			status            int
		}{
			{"truncate", "application/json", true, false, 200},
			{"html", "text/html; charset=utf-8", false, false, 200},
			{"content-type", "text/html; charset=utf-8", false, true, 200},
			{"invalid-json", "application/json", false, false, 200},
			{"slow delay=8ms", "application/json", false, true, 200},
		}
		for _, test := range tests {
			t.Run(test.text, func(t *testing.T) {
				a := a
				a.t = t
				a.server.faults = armFaults(faulty(t, test.text).Faults)
				got := a.sendAnyway(a.request("GET", towerAt, nil))
				if got.status != test.status || got.header.Get("Content-Type") != test.contentType {
					t.Errorf("answered %d as %s", got.status, got.header.Get("Content-Type"))
				}
				if (got.err != nil) != test.broken || test.broken && !errors.Is(got.err, io.ErrUnexpectedEOF) && !errors.Is(got.err, syscall.ECONNRESET) {
					t.Errorf("reading gave %v", got.err)
				}
				if json.Valid(got.body) != test.isJSON {
					t.Errorf("the body is %s", got.body)
				}
				if test.isJSON && string(got.body) != string(whole) {
					t.Errorf("the body is not the right one: %s", got.body)
				}
			})
		}
	})
}

func TestPagesCanLie(t *testing.T) {
	list := company + "templates?per_page=2&page="
	tests := []struct {
		fault, page string
		want        string
		total       string
		next        string
	}{
		{"short-page", "1", "10", "5", "2"},
		{"short-page", "2", "12", "5", "3"},
		{"repeat-page", "1", "10 11", "5", "1"},
		{"repeat-page", "2", "10 11", "5", "2"},
		{"moving-total", "1", "10 11", "6", "2"},
	}
	for _, test := range tests {
		t.Run(test.fault+" "+test.page, func(t *testing.T) {
			overBoth(t, smallCompany(), faulty(t, test.fault), func(t *testing.T, a *api) {
				got := a.login().get(list + test.page)
				next, _ := url.Parse(nextLink.FindStringSubmatch(got.header.Get("Link"))[1])
				if ids := strings.Join(a.idsIn(got), " "); ids != test.want || got.header.Get("Total") != test.total || next.Query().Get("page") != test.next {
					t.Errorf("rows %s, Total %s, next %s", ids, got.header.Get("Total"), next)
				}
			})
		})
	}
}

func TestAnAnswerCanPointToAnotherHost(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "foreign-link on=listWorkflowTemplates; redirect on=listWorkflowTools"), func(t *testing.T, a *api) {
		if got := a.login().get(company + "templates"); !strings.Contains(got.header.Get("Link"), "<https://elsewhere.invalid"+company+"templates?page=2>; rel=\"next\"") {
			t.Errorf("the link is %s", got.header.Get("Link"))
		}
		a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		got := a.sendAnyway(a.request("GET", company+"tools", nil))
		if got.status != http.StatusFound || !strings.HasPrefix(got.header.Get("Location"), "https://elsewhere.invalid/") {
			t.Errorf("answered %d to %s", got.status, got.header.Get("Location"))
		}
	})
}

func TestTheHelpNamesEveryKind(t *testing.T) {
	for _, kind := range append([]FaultKind{lost}, kinds...) {
		if !strings.Contains(FaultSyntax, string(kind)) {
			t.Errorf("%s is missing", kind)
		}
	}
}

func TestAWriteCanBeAcknowledgedAndNotApplied(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "unapplied"), func(t *testing.T, a *api) {
		got := a.login().patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
		if got.status != http.StatusOK || !strings.Contains(string(got.body), groupPM+`","login_ids":["3"]`) {
			t.Errorf("answered %d: %s", got.status, got.body)
		}
		if diff := cmp.Diff(groupPM+" 1 9007199254740995", membershipsOf(t, a, towerRef)[1]); diff != "" || len(a.server.History()) != 0 {
			t.Errorf("the write was applied: %s", diff)
		}
	})
}

func TestAWriteCanDamageAnotherGroup(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "damage"), func(t *testing.T, a *api) {
		a.login().patch(towerAt+"/assignees", groupsBody(groupMade, groupPM+" 3", groupLaw+" 4 5", groupOld+" 99"))
		want := []string{groupMade, groupPM + " 3", groupLaw + " 4", groupOld + " 99"}
		if diff := cmp.Diff(want, membershipsOf(t, a, towerRef)); diff != "" {
			t.Errorf("memberships (-want +got):\n%s", diff)
		}
		if h := a.server.History(); len(h) != 1 || h[0].Fault != "damage" {
			t.Errorf("the history is %+v", h)
		}
	})
}

func TestSomeoneCanEditBetweenRequests(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "edit on=getProjectPreset"), func(t *testing.T, a *api) {
		a.login()
		for range 10 {
			a.get(towerAt)
		}
		edits := a.server.Edits()
		if len(edits) != 10 {
			t.Fatalf("%d edits, want 10", len(edits))
		}
		if edits[0].Ref != towerRef || len(a.server.History()) != 0 {
			t.Errorf("the edit is of %v, with %d writes", edits[0].Ref, len(a.server.History()))
		}
	})
	opts := Options{Faults: []Fault{{Kind: FaultEdit, On: "listWorkflowTools", Edit: func(s *Server, _ Request) {
		s.Edit(towerRef, func(p *Preset) { p.Invalid = true })
	}}}}
	overBoth(t, smallCompany(), opts, func(t *testing.T, a *api) {
		a.login().get(company + "tools")
		if p, _ := a.server.Preset(towerRef); !p.Invalid {
			t.Error("the edit did not happen")
		}
	})
}

func TestTokensCanBeRevokedAndRunOut(t *testing.T) {
	overBoth(t, smallCompany(), faulty(t, "revoke on=getProjectPreset nth=2"), func(t *testing.T, a *api) {
		a.login()
		for i, want := range []int{200, 401, 401} {
			if got := a.get(towerAt); got.status != want {
				t.Errorf("request %d answered %d, want %d", i+1, got.status, want)
			}
		}
		if got := a.login().get(towerAt); got.status != http.StatusOK {
			t.Errorf("with a new token it answered %d", got.status)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		server := New(smallCompany(), Options{})
		a := newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example").login()
		time.Sleep(DefaultTokenLife - time.Second)
		if got := a.get(towerAt); got.status != http.StatusOK {
			t.Errorf("just before its end the token answered %d", got.status)
		}
		time.Sleep(time.Second)
		if got := a.get(towerAt); got.status != http.StatusUnauthorized {
			t.Errorf("at its end the token answered %d", got.status)
		}
	})
}

func TestConditionsChooseRequests(t *testing.T) {
	tests := []struct{ text, want string }{
		{"500", "xxxxxxxx"},
		{"500 nth=3", "..x....."},
		{"500 every=3", "..x..x.."},
		{"500 first=2", "xx......"},
		{"500 after=6", "......xx"},
		{"500 after=2 every=2", "...x.x.x"},
		{"500 first=1 each", "xx......"},
		{"500 nth=2 each", "..xx...."},
		{"500 on=listWorkflowTools", "x.x.x.x."},
		{"500 on=listWorkflowT*", "xxxxxxxx"},
		{"500 on=GET:*/templates", ".x.x.x.x"},
		{"500 on=*:/rest/v2.0/companies/*/tools", "x.x.x.x."},
		{"500 on=PATCH:*", "........"},
		{"500 nth=1; 503 nth=1; 503 nth=2", "xx......"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			server := New(smallCompany(), faulty(t, test.text))
			a := newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example").login()
			got := ""
			for range 4 {
				for _, path := range []string{"tools", "templates"} {
					mark := "."
					if a.get(company+path).status != http.StatusOK {
						mark = "x"
					}
					got += mark
				}
			}
			if got != test.want {
				t.Errorf("failed %s, want %s", got, test.want)
			}
		})
	}
}

func TestChanceDependsOnWhatIsAskedAndNotOnTheOrder(t *testing.T) {
	faults := faulty(t, "500 p=0.3 seed=7")
	var paths []string
	for i := range 60 {
		paths = append(paths, tower+"presets/"+strconv.Itoa(i))
	}
	run := func(order []string, workers int) map[string]int {
		server := New(smallCompany(), faults)
		a := newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example").login()
		failed := make(map[string]int)
		var mu sync.Mutex
		var all sync.WaitGroup
		for w := range workers {
			all.Go(func() {
				for i := w; i < len(order); i += workers {
					got := a.sendAnyway(a.request("GET", order[i], nil))
					mu.Lock()
					if got.status == http.StatusInternalServerError {
						failed[order[i]]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		return failed
	}
	twice := slices.Concat(paths, paths)
	one := run(twice, 1)
	slices.Reverse(twice)
	if diff := cmp.Diff(one, run(twice, 8)); diff != "" {
		t.Errorf("other requests failed in another order:\n%s", diff)
	}
	total := 0
	for _, n := range one {
		total += n
	}
	if total < 20 || total > 55 {
		t.Errorf("%d of 120 requests failed, want about 36", total)
	}
}

func TestTokensFailOnlyWhereTheyAreNamed(t *testing.T) {
	server := New(smallCompany(), faulty(t, "500; 503 on=createToken nth=2"))
	a := newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example").login()
	if got := a.form(url.Values{}); got.status != http.StatusServiceUnavailable {
		t.Errorf("the second request for a token answered %d, want 503", got.status)
	}
}

func TestFaultsAreReadAndWrittenAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fault{Kind: rapid.SampledFrom(append([]FaultKind{FaultStatus}, kinds...)).Draw(t, "kind")}
		f.On = rapid.SampledFrom([]string{"", "getProjectPreset", "list*", "*", "PATCH /rest/*", "* */assignees"}).Draw(t, "on")
		f.Nth = rapid.IntRange(0, 3).Draw(t, "nth")
		f.Every = rapid.IntRange(0, 3).Draw(t, "every")
		f.First = rapid.IntRange(0, 3).Draw(t, "first")
		f.After = rapid.IntRange(0, 3).Draw(t, "after")
		f.Each = rapid.Bool().Draw(t, "each")
		f.Probability = rapid.Float64Range(0, 1).Draw(t, "p")
		f.Seed = rapid.Uint64().Draw(t, "seed")
		if f.Kind == FaultStatus {
			f.Status = rapid.IntRange(400, 599).Draw(t, "status")
			f.RetryAfter = rapid.SampledFrom([]string{"", "0", "30"}).Draw(t, "retry after")
		}
		if f.replaces() {
			f.Applied = rapid.Bool().Draw(t, "applied")
		}
		if f.Kind == FaultSlow || f.Kind == FaultTimeout {
			f.Delay = time.Duration(rapid.Int64Range(1, 1e12).Draw(t, "delay"))
		}
		got, err := ParseFaults(f.String())
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %v", f, err)
		}
		if diff := cmp.Diff(f, got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f, diff)
		}
	})
}

func TestAFaultThatCannotBeReadSaysWhatIsPossible(t *testing.T) {
	tests := map[string]string{
		"never":                   `fault 1 (never): "never" is not a fault; give a status (304, or from 400 to 599), lost, or one of`,
		"200":                     "fault 1 (200): status 200 is neither 304 nor one from 400 to 599",
		"500;;503":                "fault 2 is empty",
		"500; html p=2":           "fault 2 (html p=2): p=2: a share over 0 and at most 1 is needed",
		"500 nth=0":               "nth=0: a whole number from 1 is needed",
		"500 on=getPreset":        "on=getPreset: no operation is called that; possible are createToken",
		"500 on=GET:presets":      "write METHOD:/path",
		"500 often":               `"often" is not a condition`,
		"500 sometimes=1":         `"sometimes" is not a condition; possible are on, nth`,
		"500 each=1":              "each takes no value",
		"500 nth=1 nth=2":         "nth is given twice",
		"html retry-after=1":      "retry-after goes with a status only",
		"503 retry-after=soon":    "retry-after=soon: a whole number of seconds",
		"html applied":            "applied goes with a status, redirect, refuse, reset or timeout, not with html",
		"500 delay=1s":            "delay goes with slow and timeout only",
		"slow":                    "slow needs a delay",
		"slow delay=soon":         "delay=soon: a duration over zero is needed",
		"never; nonsense; 500 p=": "fault 3",
	}
	for text, want := range tests {
		if _, err := ParseFaults(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{"", "  "} {
		if faults, err := ParseFaults(text); err != nil || len(faults) != 0 {
			t.Errorf("%q gives %v, %v, want none", text, faults, err)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	for _, seed := range []string{"", "500", "503 on=getProjectPreset every=10 retry-after=2; lost on=PATCH:*/assignees nth=1; timeout p=0.01 seed=7", "slow delay=1s;;", "500 on=:", "x=y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults(text)
		if err != nil {
			return
		}
		again, err := ParseFaults(faultSet(faults).String())
		if err != nil {
			t.Fatalf("%q was read and %q was not: %v", text, faultSet(faults), err)
		}
		if diff := cmp.Diff(faults, again); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	})
}
