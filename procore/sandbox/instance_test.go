package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
)

// runText is a running workflow as the sandbox shows it, in short.
type runText struct {
	Step *struct {
		ID        string
		Name      string
		Options   []struct{ ID string } `json:"available_response_options"`
		Older     []struct{ ID string } `json:"available_responses"`
		Responses []struct {
			Submitted *time.Time           `json:"submitted_at"`
			Selected  *struct{ ID string } `json:"selected_response_option"`
			Comment   string
			Assignee  struct {
				ID       string
				Required bool
			}
		} `json:"response_occurrences"`
	} `json:"current_step_occurrence"`
	Ended   *time.Time          `json:"ended_at"`
	Manager struct{ ID string } `json:"workflow_manager"`
	Groups  []struct {
		UUID      string `json:"responsible_group_uuid"`
		Name      string
		Assignees []struct{ ID string }
	} `json:"responsible_group_memberships"`
	Everyone []struct{ ID string } `json:"all_assignees"`
}

// people are who is on the step: required ones with "!", those who have responded with their answer.
func (r runText) people() string {
	if r.Step == nil {
		return "no step"
	}
	words := []string{r.Step.Name}
	for _, p := range r.Step.Responses {
		word := p.Assignee.ID
		if p.Assignee.Required {
			word += "!"
		}
		if p.Submitted != nil {
			word += "=" + p.Selected.ID + p.Comment
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func (a *api) run(path string) (run runText) {
	a.t.Helper()
	var wrapped struct{ Data runText }
	a.decode(a.get(path), http.StatusOK, &wrapped)
	return wrapped.Data
}

func invitationText(step string, required bool, logins ...string) string {
	text, _ := json.Marshal(map[string]any{
		"step_occurrence_id": step, "assignee_ids": logins, "required": required, "reason": "original_assignee_left_company",
	})
	return string(text)
}

// responseText is a response to the current step of the run.
func responseText(a *api, option, comment string) string {
	in, _ := a.server.Instance(runRef)
	step := "1"
	if in.Step != nil {
		step = string(in.Step.ID)
	}
	return fmt.Sprintf(`{"response":{"current_step_occurrence_id":%q,"selected_response_option_id":%q,"comment":%q,"attachments":{}}}`,
		step, option, comment)
}

const (
	reviewing = "Review 1! 9007199254740995 3!"
	signing   = "Sign 4! 5!"
)

func TestAnInstanceShowsItsStepItsPeopleAndItsOwnCopyOfTheGroups(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		run := a.login().run(runAt)
		if run.people() != reviewing || run.Ended != nil || run.Manager.ID != "3" || len(run.Step.Options) != 3 || run.Step.Older != nil {
			t.Errorf("got %+v", run)
		}
		a.patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
		again := a.run(runAt)
		if diff := cmp.Diff(run, again); diff != "" {
			t.Errorf("a write to the preset changed its running workflow:\n%s", diff)
		}
		if g := run.Groups[1]; g.UUID != groupPM || g.Name != "Project Manager" || len(g.Assignees) != 2 {
			t.Errorf("the groups are %+v", run.Groups)
		}
		if len(run.Everyone) != 6 {
			t.Errorf("everyone is %+v", run.Everyone)
		}
		if got := a.run(tower + "instances/9007199254741502"); got.people() != "no step" || got.Ended == nil {
			t.Errorf("what has ended is %+v", got)
		}
		if got := a.run(company + "instances/9007199254741500"); got.people() != "Sign 1!" {
			t.Errorf("of the company: %s", got.people())
		}
	})
}

func TestAnInstanceComesFlatAndWithTheOlderNameOfTheOptionsWhereAsked(t *testing.T) {
	a := inProcess(t, Options{FlatInstances: true, OlderOptionNames: true}).login()
	var run runText
	got := a.sendAnyway(a.request("GET", runAt, nil))
	a.decode(got, http.StatusOK, &run)
	if run.people() != reviewing || run.Step.Options != nil || len(run.Step.Older) != 3 {
		t.Errorf("got %s", got.body)
	}
}

func TestAnInvitationAddsPeopleToTheStepAndTakesNobodyOff(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		step := a.login().run(runAt).Step.ID
		var answered struct{ Data runText }
		a.decode(a.post(runAt+"/additional_assignees", invitationText(step, false, "5")), http.StatusOK, &answered)
		const want = reviewing + " 5"
		if answered.Data.people() != want || a.run(runAt).people() != want {
			t.Errorf("answered %s, stored %s", answered.Data.people(), a.run(runAt).people())
		}
		writes := a.server.InstanceWrites()
		if len(writes) != 1 || writes[0].Operation != "addProjectInstanceAssignees" || len(writes[0].Before.Step.People) != 3 || len(writes[0].After.Step.People) != 4 {
			t.Errorf("the writes are %+v", writes)
		}
		if len(a.server.History()) != 0 {
			t.Error("a preset was written")
		}
	})
}

func TestAnInvitationThatBreaksARuleChangesNothing(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		step := a.login().run(runAt).Step.ID
		for name, test := range map[string]struct {
			path, body string
			status     int
			reason     string
		}{
			"on the step already":       {runAt, invitationText(step, true, "5", "1"), 422, "ALREADY_ASSIGNED"},
			"twice":                     {runAt, invitationText(step, true, "5", "5"), 422, "ALREADY_ASSIGNED"},
			"inactive":                  {runAt, invitationText(step, true, "4"), 422, "INVALID_ASSIGNEE"},
			"without access":            {runAt, invitationText(step, true, "7"), 422, "INVALID_ASSIGNEE"},
			"not on the project":        {runAt, invitationText(step, true, "6"), 422, "INVALID_ASSIGNEE"},
			"another step":              {runAt, invitationText("1", true, "5"), 422, "STEP_NOT_CURRENT"},
			"ended":                     {tower + "instances/9007199254741502", invitationText(step, true, "5"), 422, "STEP_NOT_CURRENT"},
			"nobody":                    {runAt, invitationText(step, true), 400, ""},
			"unknown fields":            {runAt, strings.Replace(invitationText(step, true, "5"), "{", `{"login_ids":[],`, 1), 400, ""},
			"null":                      {runAt, strings.Replace(invitationText(step, true, "5"), `"required":true`, `"required":null`, 1), 400, ""},
			"no reason":                 {runAt, strings.Replace(invitationText(step, true, "5"), "original_assignee_left_company", "left", 1), 400, ""},
			"numbers as ids":            {runAt, strings.Replace(invitationText(step, true, "5"), `["5"]`, `[5]`, 1), 400, ""},
			"no JSON":                   {runAt, `step_occurrence_id=1`, 400, ""},
			"unknown workflow":          {tower + "instances/1", invitationText(step, true, "5"), 404, ""},
			"a project's, as company's": {company + "instances/" + string(runRef.Instance), invitationText(step, true, "5"), 404, ""},
			"a forbidden project":       {"/rest/v2.0/companies/42/projects/103/workflows/instances/1", invitationText(step, true, "5"), 403, ""},
		} {
			got := a.post(test.path+"/additional_assignees", test.body)
			if got.status != test.status || !strings.Contains(string(got.body), test.reason) {
				t.Errorf("%s: answered %d, want %d: %s", name, got.status, test.status, got.body)
			}
		}
		if a.run(runAt).people() != reviewing || len(a.server.InstanceWrites()) != 0 {
			t.Errorf("the step is %s", a.run(runAt).people())
		}
	})
}

func TestOnlyTheTokensOwnUserRespondsAndTheStepMovesOnWhenItWaitsForNobody(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		first := responseText(a, "2000", "Fine")
		for i, test := range []struct {
			body   string
			status int
			people string
		}{
			{responseText(a, "2999", ""), 422, reviewing},
			{first, 204, reviewing + "=2000Fine"},
			{first, 204, reviewing + "=2000Fine"}, // the same again
			{responseText(a, "2000", "Fine!"), 422, reviewing + "=2000Fine"},
			{responseText(a, "2001", "Fine"), 422, reviewing + "=2000Fine"},
		} {
			if got := a.post(runAt+"/responses", test.body); got.status != test.status || a.run(runAt).people() != test.people {
				t.Errorf("response %d answered %d, and the step is %s: %s", i+1, got.status, a.run(runAt).people(), got.body)
			}
		}
		if err := a.server.AnswerAs(runRef, "1", "2001", ""); err != nil { // the last whom the step waits for
			t.Fatal(err)
		}
		if a.run(runAt).people() != signing {
			t.Errorf("the step is %s", a.run(runAt).people())
		}
		for name, test := range map[string]struct {
			body   string
			status int
		}{"a step that moved on": {first, 422}, "somebody else's step": {responseText(a, "2010", ""), 403}} {
			if got := a.post(runAt+"/responses", test.body); got.status != test.status {
				t.Errorf("%s: answered %d: %s", name, got.status, got.body)
			}
		}
		if n, e := len(a.server.InstanceWrites()), len(a.server.InstanceEdits()); n != 1 || e != 1 {
			t.Errorf("%d writes and %d edits, want one of each", n, e)
		}
	})
}

func TestTheBodyOfAResponseIsReadStrictly(t *testing.T) {
	a := inProcess(t, Options{}).login()
	whole := responseText(a, "2000", "Fine")
	flat := strings.TrimSuffix(strings.TrimPrefix(whole, `{"response":`), "}")
	for name, body := range map[string]string{
		"flat": flat, "empty": "", "no attachments": strings.Replace(whole, `,"attachments":{}`, "", 1),
		"attachments null":    strings.Replace(whole, `"attachments":{}`, `"attachments":null`, 1),
		"unknown attachments": strings.Replace(whole, `"attachments":{}`, `"attachments":{"files":[]}`, 1),
		"attachments no list": strings.Replace(whole, `"attachments":{}`, `"attachments":{"form_ids":[7]}`, 1),
		"a number as id":      strings.Replace(whole, `"2000"`, `2000`, 1), "twice": whole + whole,
		"unknown": strings.Replace(whole, `"comment"`, `"remark"`, 1), "not wrapped alone": strings.Replace(whole, "{", `{"a":1,`, 1),
	} {
		if got := a.post(runAt+"/responses", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, got.status)
		}
	}
	r := a.request("POST", runAt+"/responses", strings.NewReader(whole))
	r.Header.Set("Content-Type", "text/plain")
	if got := a.send(r); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("as text: answered %d", got.status)
	}
	if a.run(runAt).people() != reviewing {
		t.Errorf("the step is %s", a.run(runAt).people())
	}
	withFile := strings.Replace(whole, `"attachments":{}`, `"attachments":{"form_ids":["7"]}`, 1)
	if got := a.post(runAt+"/responses", withFile); got.status != http.StatusNoContent {
		t.Errorf("with an attachment: answered %d: %s", got.status, got.body)
	}
}

func TestTheSameIdempotencyTokenStoresOneResponseWhateverCameBetween(t *testing.T) {
	a := inProcess(t, Options{}).login()
	send := func(body string) int {
		r := a.request("POST", runAt+"/responses", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Token", "mark-1")
		return a.send(r).status
	}
	first, other := responseText(a, "2000", ""), responseText(a, "2001", "")
	if status := send(first); status != http.StatusNoContent {
		t.Fatalf("answered %d", status)
	}
	if err := a.server.Advance(runRef); err != nil {
		t.Fatal(err)
	}
	if again, another := send(first), send(other); again != http.StatusNoContent || another != http.StatusUnprocessableEntity {
		t.Errorf("the same answered %d, another %d", again, another)
	}
	if len(a.server.InstanceWrites()) != 1 {
		t.Errorf("the writes are %+v", a.server.InstanceWrites())
	}
}

func TestFaultsMeetRunningWorkflowsToo(t *testing.T) {
	tests := map[string]struct {
		faults, body string
		path         string
		status       int
		people       string
		writes       int
	}{
		"lost":               {"lost on=addProjectInstanceAssignees", "invite", "/additional_assignees", 0, reviewing + " 5", 1},
		"unapplied":          {"unapplied", "invite", "/additional_assignees", 200, reviewing, 0},
		"damage":             {"damage", "invite", "/additional_assignees", 200, "Review 9007199254740995 3! 5", 1},
		"404 applied":        {"404 applied on=POST:*/additional_assignees", "invite", "/additional_assignees", 404, reviewing + " 5", 1},
		"503":                {"503 on=*ProjectInstanceAssignees", "invite", "/additional_assignees", 503, reviewing, 0},
		"response lost":      {"lost on=respondTo*", "respond", "/responses", 0, reviewing + "=2000", 1},
		"response unapplied": {"unapplied", "respond", "/responses", 204, reviewing, 0},
	}
	for name, test := range tests {
		a := inProcess(t, faulty(t, test.faults)).login()
		body := responseText(a, "2000", "")
		if test.body == "invite" {
			in, _ := a.server.Instance(runRef)
			body = invitationText(string(in.Step.ID), false, "5")
		}
		r := a.request("POST", runAt+test.path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		got := a.sendAnyway(r)
		a.server.SetFaults(nil)
		if people := a.run(runAt).people(); got.status != test.status || people != test.people || len(a.server.InstanceWrites()) != test.writes {
			t.Errorf("%s: answered %d, step %s, writes %+v", name, got.status, people, a.server.InstanceWrites())
		}
	}
	a := inProcess(t, faulty(t, "edit on=getProjectInstance")).login()
	for range 4 {
		a.get(runAt)
	}
	if edits := a.server.InstanceEdits(); len(edits) == 0 || edits[0].Ref != runRef || len(a.server.Edits()) > 0 {
		t.Errorf("the edits are %+v", edits)
	}
	a = inProcess(t, faulty(t, "repeat-page on=listProjectInstances")).login()
	got := a.get(tower + "instances?filters[tool_type]=work_order_contract&per_page=1")
	if link := got.header.Get("Link"); !strings.Contains(link, "next") {
		t.Errorf("the link is %q", link)
	}
}

func TestAPageByCursorMayBeEmptyAndIsNotTheLast(t *testing.T) {
	a := inProcess(t, Options{}).login()
	var sizes []int
	for next := a.base + tower + "instances?filters[tool_type]=work_order_contract&per_page=1&filters[assignee_id]=5"; next != ""; {
		r := a.request("GET", "", nil)
		r.URL, _ = r.URL.Parse(next)
		got := a.send(r)
		sizes = append(sizes, len(a.idsIn(got)))
		next = ""
		if link := nextLink.FindStringSubmatch(got.header.Get("Link")); link != nil {
			next = link[1]
		}
	}
	if !slices.Equal(sizes, []int{0, 0, 1}) {
		t.Errorf("pages of %v rows", sizes)
	}
}

func TestAWorkflowCanBeStartedMovedOnAnsweredEndedAndLosePeople(t *testing.T) {
	a := inProcess(t, Options{}).login()
	ref, err := a.server.Start(towerRef, "1")
	if err != nil || ref.Instance != "9007199254741505" {
		t.Fatalf("started %v, error %v", ref, err)
	}
	at := tower + "instances/" + string(ref.Instance)
	steps := []struct {
		name string
		do   func() error
		want string
	}{
		{"started", func() error { return nil }, reviewing},
		{"lost", func() error { return a.server.Lose(ref, "9007199254740995") }, "Review 1! 3!"},
		{"answered", func() error { return a.server.AnswerAs(ref, "1", "2000", "ok") }, "Review 1!=2000ok 3!"},
		{"moved on", func() error { return a.server.Advance(ref) }, signing},
		{"ended", func() error { return a.server.End(ref) }, "no step"},
	}
	for _, step := range steps {
		if err := step.do(); err != nil || a.run(at).people() != step.want {
			t.Errorf("%s: %s, error %v", step.name, a.run(at).people(), err)
		}
	}
	if n := len(a.server.InstanceEdits()); n != 5 {
		t.Errorf("%d edits, want 5", n)
	}
	for name, err := range map[string]error{
		"advance": a.server.Advance(ref), "end": a.server.End(ref), "answer": a.server.AnswerAs(ref, "1", "2000", ""),
		"nobody's answer": a.server.AnswerAs(runRef, "7", "2000", ""), "no answer": a.server.AnswerAs(runRef, "1", "1", ""),
		"nothing to lose": a.server.Lose(procore.InstanceRef{Instance: "1"}, "1"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := a.server.Start(procore.PresetRef{Project: "100", Preset: "1"}, "1"); err == nil {
		t.Error("a workflow was started from no preset")
	}
	preset, _ := a.server.Preset(towerRef)
	if groups := membershipsOf(t, a, towerRef); len(preset.Memberships) != 4 || groups[1] != groupPM+" 1 9007199254740995" {
		t.Errorf("the preset is %v", groups)
	}
	if !a.server.EditInstance(runRef, func(in *Instance) { in.Step = nil }) || a.run(runAt).people() != "no step" || a.run(runAt).Ended != nil {
		t.Error("a workflow that is being moved on shows a step, or has ended")
	}
}

func TestOnAClockThatIsBehindEverythingStillStartedInThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // virtual time begins in 2000
		server := New(NewSample(SampleOptions{Seed: 1}).Company, Options{})
		for _, in := range server.Instances() {
			for _, at := range in.times() {
				if at.After(time.Now()) {
					t.Errorf("workflow %s: %v", in.InstanceRef.Instance, at)
				}
			}
			if in.Step != nil && in.Step.OverdueAt.Sub(in.Step.StartedAt) != stepTime {
				t.Errorf("workflow %s: %v to do it in", in.InstanceRef.Instance, in.Step.OverdueAt.Sub(in.Step.StartedAt))
			}
		}
	})
}

func TestSamplesHaveWorkflowsInEveryState(t *testing.T) {
	for name, options := range sampleKinds {
		sample := NewSample(options)
		c, seen := sample.Company, map[string]int{}
		left := map[procore.LoginID]bool{}
		for _, row := range readHR(t, sample.HRCSV) {
			for _, u := range c.Users {
				if u.EmployeeID == row.employee && row.status == "terminated" {
					left[u.ID] = true
				}
			}
		}
		ids := map[procore.InstanceID]bool{}
		for _, in := range c.Instances {
			number(in.InstanceRef.Instance) // 64 bits
			if ids[in.InstanceRef.Instance] {
				t.Fatalf("%s: the id %s comes twice", name, in.InstanceRef.Instance)
			}
			ids[in.InstanceRef.Instance] = true
			if in.Step == nil {
				seen["ended"]++
				continue
			}
			if in.Step.isDone() || len(in.Step.People) == 0 || len(in.Step.Options) == 0 {
				t.Errorf("%s: workflow %s waits for nobody", name, in.InstanceRef.Instance)
			}
			for _, p := range in.Step.People {
				switch {
				case p.Login == c.Me:
					seen["the integration"]++
				case p.Open() && left[p.Login]:
					seen["somebody who left"]++
				}
				seen[fmt.Sprintf("required %v", p.Required)]++
				seen[fmt.Sprintf("open %v", p.Open())]++
			}
			if len(in.Individual) > 0 && in.Manager != "" {
				seen["individuals and a manager"]++
			}
		}
		wanted := []string{"the integration", "required true", "open true", "individuals and a manager"}
		if len(c.Instances) > 100 {
			wanted = append(wanted, "ended", "somebody who left", "required false", "open false")
		}
		for _, state := range wanted {
			if seen[state] == 0 {
				t.Errorf("%s: no workflow with %s: %v", name, state, seen)
			}
		}
	}
}

func TestTheDemoHasOneWorkflowThatWaitsForSomebodyWhoLeft(t *testing.T) {
	c := DemoSample().Company
	var waiting []string
	for _, in := range c.Instances {
		for _, u := range c.Users {
			if p, ok := in.Place(u.ID); ok && p.Open() && !u.Active {
				waiting = append(waiting, u.Name()+" on "+in.Step.Name)
			}
		}
	}
	if !slices.Equal(waiting, []string{"Tom Becker on Legal"}) {
		t.Errorf("waiting: %v", waiting)
	}
}

// Whatever the body of an invitation or a response, it is read as the document says or refused; what is read can be
// acted upon.
func FuzzInstanceBodies(f *testing.F) {
	f.Add(invitationText("4711", true, "5"))
	f.Add(`{"response":{"current_step_occurrence_id":"1","selected_response_option_id":"2","attachments":{"form_ids":["7"]}}}`)
	f.Add(`{"response":{"current_step_occurrence_id":"1","selected_response_option_id":"2","attachments":null}}`)
	f.Add(`{"step_occurrence_id":"1","assignee_ids":[null],"required":true,"reason":"other"}`)
	f.Fuzz(func(t *testing.T, text string) {
		if body, err := readInvitation([]byte(text)); err == nil && (*body.Step == "" || len(*body.Logins) == 0 || *body.Reason == "") {
			t.Errorf("read %+v", body)
		}
		if body, err := readResponse([]byte(text)); err == nil && (*body.Step == "" || *body.Option == "" || body.Attachments == nil) {
			t.Errorf("read %+v", body)
		}
	})
}
