package procore

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cursorPages answers by cursor: the first page without one, and so on.
func cursorPages(t *testing.T, pages ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Has("page") || q.Get("per_page") != "100" {
			t.Errorf("query %v", q)
		}
		n := 0
		_, _ = fmt.Sscanf(q.Get("cursor"), "c%d", &n)
		if n+1 < len(pages) {
			q.Set("cursor", fmt.Sprintf("c%d", n+1))
			w.Header().Set("Link", "<"+fakeAPI+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
		}
		answerJSON(w, 200, pages[n])
	}
}

func TestInstancesAreReadByCursorToTheirEndThroughEmptyPages(t *testing.T) {
	f := newFake(t)
	f.on(endpointProjectInstances, cursorPages(t,
		`{"data":[]}`,
		`{"data":[{"id":"9007199254740993","item_id":77,"tool_type":"correspondence","tool_subtype":-5,"created_at":"2026-11-01T08:00:00Z",
			"started_at":"2026-11-01T08:00:00Z","ended_at":null,"more":{}}]}`,
		`{"data":null}`,
		`{"data":[{"id":12,"item_id":"78","ended_at":"last week"},{"id":13,"ended_at":"2026-11-02T08:00:00.5+01:00"}]}`))
	f.always(endpointCompanyInstances, `[{"id":14}]`)
	c := f.client()
	got, err := collect(c.Instances(t.Context(), AssigneeScope{"24", ToolRef{"correspondence", "-5"}},
		InstanceFilter{Assignee: "9000000001", Active: true}))
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	want := []InstanceSummary{
		{ID: "9007199254740993", Item: "77", Tool: ToolRef{"correspondence", "-5"}, StartedAt: at},
		{ID: "12", Item: "78", Ended: true},
		{ID: "13", Ended: true},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
	q := f.seen(endpointProjectInstances)[0].URL.Query()
	for name, want := range map[string]string{
		"filters[tool_type]": "correspondence", "filters[tool_subtype]": "-5", "filters[assignee_id]": "9000000001",
		"filters[active]": "true",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	got, err = collect(c.Instances(t.Context(), AssigneeScope{Tool: ToolRef{Type: "prequalification"}}, InstanceFilter{}))
	if err != nil || len(got) != 1 || got[0].ID != "14" {
		t.Errorf("of the company: %v, error %v", got, err)
	}
	if q := f.seen(endpointCompanyInstances)[0].URL.Query(); q.Has("filters[active]") || q.Has("filters[assignee_id]") || q.Has("filters[tool_subtype]") {
		t.Errorf("without filters: query %v", q)
	}
}

func hundred(first int) string {
	rows := make([]string, 100)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"id":%d}`, first+i)
	}
	return `{"data":[` + strings.Join(rows, ",") + `]}`
}

// A cursor's list ends where no link leads on. But where no page had a link at all, a full one may only have lost it.
func TestAFullPageOfInstancesWithoutAnyLinkIsNotTakenForTheEnd(t *testing.T) {
	for name, test := range map[string]struct {
		second string
		rows   int
	}{"it was": {`{"data":[]}`, 100}, "it was not": {`{"data":[{"id":777}]}`, 101}} {
		f := newFake(t)
		f.on(endpointProjectInstances, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Query().Get("page") {
			case "":
				answerJSON(w, 200, hundred(1))
			case "2":
				answerJSON(w, 200, test.second)
			}
		})
		got, err := collect(f.client().Instances(t.Context(), AssigneeScope{"24", ToolRef{Type: "commitments"}}, InstanceFilter{}))
		if err != nil || len(got) != test.rows {
			t.Errorf("%s: %d rows, error %v", name, len(got), err)
		}
	}
	f := newFake(t)
	f.on(endpointProjectInstances, cursorPages(t, hundred(1), hundred(101)))
	got, err := collect(f.client().Instances(t.Context(), AssigneeScope{"24", ToolRef{Type: "commitments"}}, InstanceFilter{}))
	if err != nil || len(got) != 200 || len(f.seen(endpointProjectInstances)) != 2 {
		t.Errorf("with links: %d rows, error %v", len(got), err)
	}
}

func TestAListOfInstancesThatGoesInCirclesIsAnError(t *testing.T) {
	f := newFake(t)
	f.on(endpointProjectInstances, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "<"+fakeAPI+r.URL.Path+`?filters[tool_type]=commitments&cursor=same>; rel="next"`)
		answerJSON(w, 200, `{"data":[]}`)
	})
	c := f.client(func(cfg *Config) { cfg.Jitter = func() float64 { return 0 } })
	_, err := collect(c.Instances(t.Context(), AssigneeScope{"24", ToolRef{Type: "commitments"}}, InstanceFilter{}))
	var list *PageError
	if !errors.As(err, &list) {
		t.Errorf("error %v", err)
	}
}

const stepBody = `"current_step_occurrence":{"id":"4711","step_uuid":"bbbbbbbb-0000-4000-8000-000000000001","name":"Review",
	"started_at":"2026-11-01T08:00:00Z","overdue_at":"2026-11-04T08:00:00Z",
	"available_response_options":[{"id":"2000","name":"Approve","response_type":"approve"},{"id":2001,"name":"Send back"}],
	"response_occurrences":[
		{"submitted_at":null,"selected_response_option":null,"comment":null,"attachments":[],"assignee":{"id":"9000000001","login":"a@example.com","name":"A","company":{"name":"X"},"required":true}},
		{"submitted_at":"2026-11-02T08:00:00Z","selected_response_option":{"id":"2000","name":"Approve"},"comment":"Fine","assignee":{"id":9000000002}},
		{"submitted_at":null,"assignee":null}],
	"individual_assignees":[{"id":"9000000002","login":"b@example.com","required":false,"role_type":"responder"}],
	"notification_recipients":[],"step_histories":[{"title":"x"}]}`

const instanceFields = `"id":"501","tool_type":"purchase_order_contract","tool_subtype":null,"item_id":"77","created_at":"2026-10-01T08:00:00Z",
	"updated_at":"2026-11-02T08:00:00Z","started_at":"2026-10-01T08:00:00Z","ended_at":null,
	"workflow_manager":{"id":"5","login":"max@example.com","company":null},"template_version_id":"901",
	"responsible_group_memberships":[{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-000000000001","name":"Legal","assignees":[{"id":"9000000001"}]},
		{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-000000000002","assignees":null}],
	"all_assignees":[{"id":"9000000001"}],"created_by":{"id":"5"},`

func wantedInstance() Instance {
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 8, 0, 0, 0, time.UTC) }
	approve := ResponseOption{ID: "2000", Name: "Approve"}
	return Instance{
		InstanceSummary: InstanceSummary{
			ID: "501", Item: "77", Tool: ToolRef{Type: "purchase_order_contract"}, StartedAt: day(10, 1),
		},
		Version: "901",
		Step: &StepOccurrence{
			ID: "4711", StepUUID: "bbbbbbbb-0000-4000-8000-000000000001", Name: "Review", StartedAt: day(11, 1), OverdueAt: day(11, 4),
			Options: []ResponseOption{{"2000", "Approve", "approve"}, {ID: "2001", Name: "Send back"}},
			Responses: []ResponseOccurrence{
				{Assignee: Login{"9000000001", "a@example.com", "A"}, Required: true},
				{Assignee: Login{ID: "9000000002"}, Submitted: true, Selected: &approve, Comment: "Fine"},
				{},
			},
		},
		Memberships: []InstanceMembership{
			{"aaaaaaaa-0000-4000-8000-000000000001", "Legal", []Login{{ID: "9000000001"}}},
			{"aaaaaaaa-0000-4000-8000-000000000002", "", []Login{}},
		},
	}
}

func TestAnInstanceIsReadWithItsStepFlatOrWrappedAndByBothNamesOfTheOptions(t *testing.T) {
	whole := `{` + instanceFields + stepBody + `}`
	for name, body := range map[string]string{
		"wrapped":         `{"data":` + whole + `}`,
		"flat":            whole,
		"the other name":  strings.Replace(whole, "available_response_options", "available_responses", 1),
		"both, one empty": strings.Replace(whole, `"available_response_options"`, `"available_response_options":null,"available_responses"`, 1),
		"the older due":   strings.Replace(whole, "overdue_at", "due_at", 1),
	} {
		f := newFake(t)
		f.always(endpointProjectInstance, body)
		f.always(endpointCompanyInstance, body)
		c := f.client()
		for _, project := range []ProjectID{"24", ""} {
			got, err := c.Instance(t.Context(), InstanceRef{project, "501"})
			if diff := cmp.Diff(wantedInstance(), got); diff != "" || err != nil {
				t.Errorf("%s: error %v, difference (-want +got):\n%s", name, err, diff)
			}
		}
	}
}

func TestAnInstanceThatEndedOrIsMovedOnHasNoCurrentStep(t *testing.T) {
	for name, body := range map[string]string{
		"null":                `{"id":"501","current_step_occurrence":null}`,
		"ended":               `{"id":"501","ended_at":"2026-11-02T08:00:00Z"}`,
		"ended, and not said": `{"id":501,"ended_at":"yesterday","current_step_occurrence":null}`,
	} {
		f := newFake(t)
		f.always(endpointProjectInstance, body)
		got, err := f.client().Instance(t.Context(), InstanceRef{"24", "501"})
		if err != nil || got.Step != nil || got.Memberships != nil || got.Ended != strings.Contains(name, "ended") {
			t.Errorf("%s: got %+v, error %v", name, got, err)
		}
	}
}

func TestAnInstanceThatDoesNotSayWhoIsOnItsStepIsAnErrorAndNoEmptyStep(t *testing.T) {
	for name, body := range map[string]string{
		"the step missing":        `{"id":"501"}`,
		"no step's id":            `{"id":"501","current_step_occurrence":{"response_occurrences":[]}}`,
		"the responses missing":   `{"id":"501","current_step_occurrence":{"id":"4711"}}`,
		"responses of no list":    `{"id":"501","current_step_occurrence":{"id":"4711","response_occurrences":{}}}`,
		"somebody without an id":  `{"id":"501","current_step_occurrence":{"id":"4711","response_occurrences":[{"assignee":{"name":"A"}}]}}`,
		"an option without an id": `{"id":"501","current_step_occurrence":{"id":"4711","response_occurrences":[],"available_responses":[{"name":"Approve"}]}}`,
		"another instance":        `{"id":"502","current_step_occurrence":null}`,
		"data null":               `{"data":null}`,
		"a list":                  `[]`,
		"a group without people":  `{"id":"501","current_step_occurrence":null,"responsible_group_memberships":[{"responsible_group_uuid":"a"}]}`,
	} {
		f := newFake(t)
		f.always(endpointProjectInstance, body)
		got, err := f.client().Instance(t.Context(), InstanceRef{"24", "501"})
		if err == nil || got.ID != "" || MaybeApplied(err) {
			t.Errorf("%s: got %+v, error %v", name, got, err)
		}
		if n := len(f.seen(endpointProjectInstance)); n != 1 {
			t.Errorf("%s: asked %d times for what would be answered in the same way", name, n)
		}
	}
}

func TestOfSeveralPlacesOfOnePersonOnAStepTheOpenOneCounts(t *testing.T) {
	step := StepOccurrence{Responses: []ResponseOccurrence{
		{Assignee: Login{ID: "1"}, Submitted: true}, {Assignee: Login{ID: "1"}, Required: true}, {Assignee: Login{ID: "1"}, Submitted: true}, {},
	}}
	if r, ok := step.Response("1"); !ok || r.Submitted || !r.Required {
		t.Errorf("got %+v, %v", r, ok)
	}
	if _, ok := step.Response(""); ok {
		t.Error("a place without a person was given to nobody")
	}
}

func TestAnInvitationSendsWhatIsDocumentedAndReadsTheAnswerInEveryShape(t *testing.T) {
	whole := `{` + instanceFields + stepBody + `}`
	invitation := Invitation{
		Step: "4711", Logins: []LoginID{"9000000003", "9000000004"}, Required: true,
		Reason: ReasonLeftCompany, Comment: "HR run 1",
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		shown  bool
	}{
		"wrapped": {status(200, `{"data":`+whole+`}`), true}, "flat": {status(201, whole), true},
		"nothing": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, false},
	} {
		f := newFake(t)
		var bodies []string
		save := func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			bodies = append(bodies, string(body))
			test.answer(w, r)
		}
		f.on(endpointProjectInvitation, save)
		f.on(endpointCompanyInvitation, save)
		c := f.client()
		for _, project := range []ProjectID{"24", ""} {
			got, err := c.Invite(t.Context(), InstanceRef{project, "501"}, invitation)
			if err != nil || (got.Instance != nil) != test.shown || got.HTTPStatus == 0 {
				t.Errorf("%s: got %+v, error %v", name, got, err)
			}
		}
		const want = `{"step_occurrence_id":"4711","assignee_ids":["9000000003","9000000004"],"required":true,` +
			`"reason":"original_assignee_left_company","comment":"HR run 1"}`
		if diff := cmp.Diff([]string{want, want}, bodies); diff != "" {
			t.Errorf("%s: difference (-want +got):\n%s", name, diff)
		}
	}
}

func TestAResponseIsSentWrappedWithAnIdempotencyToken(t *testing.T) {
	f := newFake(t)
	var bodies, marks []string
	save := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies, marks = append(bodies, string(body)), append(marks, r.Header.Get("Idempotency-Token"))
		w.Header().Set("X-Request-Id", "req-7")
		w.WriteHeader(204)
	}
	f.on(endpointProjectResponse, save)
	f.on(endpointCompanyResponse, save)
	c := f.client()
	for _, project := range []ProjectID{"24", ""} {
		got, err := c.Respond(t.Context(), InstanceRef{project, "501"}, Response{Step: "4711", Option: "2000", Comment: "Fine", IdempotencyToken: "run-1/501"})
		if err != nil || got != (InstanceResult{HTTPStatus: 204, RequestID: "req-7"}) {
			t.Errorf("got %+v, error %v", got, err)
		}
	}
	const want = `{"response":{"current_step_occurrence_id":"4711","selected_response_option_id":"2000","comment":"Fine","attachments":{}}}`
	if diff := cmp.Diff([]string{want, want, "run-1/501", "run-1/501"}, append(bodies, marks...)); diff != "" {
		t.Errorf("difference (-want +got):\n%s", diff)
	}
}

func TestAWriteToAnInstanceIsSentOnceAndItsErrorSaysWhetherItMayHaveBeenApplied(t *testing.T) {
	for name, outcome := range outcomes {
		for endpoint, send := range map[string]func(*testing.T, *Client) error{
			endpointProjectInvitation: func(t *testing.T, c *Client) error {
				return invite(t, c, "501", Invitation{Step: "1", Logins: []LoginID{"2"}, Reason: ReasonOther})
			},
			endpointProjectResponse: func(t *testing.T, c *Client) error { return respond(t, c, Response{Step: "1", Option: "2"}) },
		} {
			if endpoint == endpointProjectResponse && (name == "wrong shape" || name == "no data") {
				continue // of the body of an answer to a response nothing is wanted
			}
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.on(endpoint, outcome.answer)
				err := send(t, f.client())
				if err == nil || Retryable(err) != outcome.retryable || MaybeApplied(err) != outcome.maybeApplied {
					t.Errorf("%s, %s: retryable %v, maybe applied %v, error %v", endpoint, name, Retryable(err), MaybeApplied(err), err)
				}
				if n := len(f.seen(endpoint)); n != 1 {
					t.Errorf("%s, %s: sent %d times", endpoint, name, n)
				}
			})
		}
	}
}

func TestNothingIsSentToAnInstanceThatCannotBeMeant(t *testing.T) {
	f := newFake(t)
	c := f.client()
	good := Invitation{Step: "1", Logins: []LoginID{"2"}, Reason: ReasonOther}
	change := func(do func(*Invitation)) Invitation { i := good; do(&i); return i }
	for name, send := range map[string]func() error{
		"nobody": func() error { return invite(t, c, "501", change(func(i *Invitation) { i.Logins = nil })) },
		"no person": func() error {
			return invite(t, c, "501", change(func(i *Invitation) { i.Logins = []LoginID{"a@b.c"} }))
		},
		"no step":     func() error { return invite(t, c, "501", change(func(i *Invitation) { i.Step = "" })) },
		"no reason":   func() error { return invite(t, c, "501", change(func(i *Invitation) { i.Reason = "left" })) },
		"no instance": func() error { return invite(t, c, "../1", good) },
		"no option":   func() error { return respond(t, c, Response{Step: "1", Option: "Approve"}) },
		"a header":    func() error { return respond(t, c, Response{Step: "1", Option: "2", IdempotencyToken: "a\r\nb"}) },
		"an assignee": func() error {
			_, err := collect(c.Instances(t.Context(), AssigneeScope{"24", ToolRef{Type: "t"}}, InstanceFilter{Assignee: "a@b.c"}))
			return err
		},
	} {
		if err := send(); err == nil || !strings.Contains(err.Error(), "nothing was sent") || MaybeApplied(err) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if len(f.requests) > 0 {
		t.Errorf("%d requests were sent", len(f.requests))
	}
}

func invite(t *testing.T, c *Client, id InstanceID, i Invitation) error {
	_, err := c.Invite(t.Context(), InstanceRef{"24", id}, i)
	return err
}

func respond(t *testing.T, c *Client, r Response) error {
	_, err := c.Respond(t.Context(), InstanceRef{"24", "501"}, r)
	return err
}

func TestTheTokensOwnUserIsReadBareOrWrapped(t *testing.T) {
	for _, body := range []string{
		`{"id":9000000001,"email_address":"bot@example.com","name":"Integration","is_active":true}`,
		`{"data":{"id":"9000000001","email_address":"bot@example.com","last_name":"Integration"}}`,
	} {
		f := newFake(t)
		f.always(endpointMe, body)
		got, err := f.client().Me(t.Context())
		if want := (User{ID: "9000000001", Email: "bot@example.com", Name: "Integration", Active: true}); got != want || err != nil {
			t.Errorf("got %+v, error %v", got, err)
		}
	}
	for _, body := range []string{`{}`, `[]`, `{"data":null}`, `{"id":true}`} {
		f := newFake(t)
		f.always(endpointMe, body)
		if got, err := f.client().Me(t.Context()); err == nil || got.ID != "" {
			t.Errorf("%s: got %+v", body, got)
		}
	}
}

func TestAVersionGivesItsStepsAndNoneInAFormThatIsNotKnown(t *testing.T) {
	f := newFake(t)
	f.inTurn(endpointVersion,
		status(200, `{"data":{"id":"901","steps":[{"uuid":"s1","name":"Review","type":"STANDARD","responsible_groups":[{"uuid":"g1","responses_required":"all"}]},{"uuid":"s2"}]}}`),
		status(200, `{"data":{"id":"901","steps":{"s1":[]}}}`))
	c := f.client()
	got, err := c.Version(t.Context(), "901")
	want := VersionSteps{{UUID: "s1", Name: "Review", Groups: []StepGroup{{"g1", "all"}}}, {UUID: "s2"}}
	if diff := cmp.Diff(want, got.Steps); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
	if step, ok := got.Step("s1"); !ok || step.Name != "Review" {
		t.Errorf("got %+v, %v", step, ok)
	}
	text, _ := json.Marshal(got)
	var again TemplateVersion
	if err := json.Unmarshal(text, &again); err != nil || !cmp.Equal(got, again) {
		t.Errorf("as remembered: %+v, error %v", again, err)
	}
	if got, err = c.Version(t.Context(), "901"); err != nil || got.Steps != nil {
		t.Errorf("got %+v, error %v", got, err)
	}
	if _, ok := got.Step(""); ok {
		t.Error("no uuid was found")
	}
}

// Whatever an answer holds, an instance is read as the one that was asked for, with a step whose people are known, or is
// an error.
func FuzzInstance(f *testing.F) {
	for _, seed := range []string{
		`{"data":{` + instanceFields + stepBody + `}}`, `{"id":501,"ended_at":"x"}`, `{"data":null}`, `[]`, "\x00",
		`{"id":"501","current_step_occurrence":{"id":"1","response_occurrences":[{"assignee":{"id":"2"},"submitted_at":7}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeInstance(answer{body: body}, "501")
		switch {
		case err != nil && got.ID != "":
			t.Errorf("an error and %+v", got)
		case err == nil && got.ID != "501":
			t.Errorf("got %+v", got)
		case err == nil && got.Step != nil && (got.Step.ID == "" || got.Step.Responses == nil):
			t.Errorf("got the step %+v", got.Step)
		}
		rows, err := instanceRows(answer{body: body})
		for _, row := range rows {
			if err == nil && row.ID == "" {
				t.Error("a row without an id")
			}
		}
		if me, err := decodeMe(answer{body: body}); err == nil && me.ID == "" {
			t.Error("nobody was read")
		}
	})
}
