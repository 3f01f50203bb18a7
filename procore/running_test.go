package procore_test

import (
	"errors"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// sandboxClient is a client of a simulated Procore in this process.
func sandboxClient(t *testing.T, company *sandbox.Company, opts sandbox.Options) (*sandbox.Server, *procore.Client) {
	t.Helper()
	server := sandbox.New(company, opts)
	c, err := procore.New(procore.Config{
		Company: company.ID, APIURL: "https://api.sandbox.test", LoginURL: "https://login.sandbox.test",
		ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret, Transport: server.Transport(),
		Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, c
}

func TestClientAndSandboxAgreeOnRunningWorkflows(t *testing.T) {
	for name, opts := range map[string]sandbox.Options{
		"as documented": {}, "flat": {FlatInstances: true}, "by the tutorial": {OlderOptionNames: true},
	} {
		t.Run(name, func(t *testing.T) {
			company := sandbox.NewSample(sandbox.SampleOptions{Seed: 2}).Company
			server, c := sandboxClient(t, company, opts)
			me, err := c.Me(t.Context())
			if err != nil || me.ID != company.Me {
				t.Fatalf("me: %+v, error %v", me, err)
			}
			waiting := 0
			for _, in := range server.Instances() {
				got, err := c.Instance(t.Context(), in.InstanceRef)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, in, got)
				place, on := in.Place(me.ID)
				if !on || !place.Open() {
					continue
				}
				waiting++
				answer(t, server, c, got)
			}
			if waiting == 0 {
				t.Error("nothing waits for the token's own user")
			}
		})
	}
}

// compare holds what the client read against what the sandbox keeps.
func compare(t *testing.T, in sandbox.Instance, got procore.Instance) {
	t.Helper()
	if got.ID != in.InstanceRef.Instance || got.Tool != in.Tool || got.Version != in.Version ||
		got.Ended != in.Ended() || (got.Step == nil) != (in.Step == nil) || len(got.Memberships) != len(in.Memberships) {
		t.Fatalf("read %+v, kept %+v", got, in)
	}
	if in.Step == nil {
		return
	}
	if got.Step.ID != in.Step.ID || got.Step.StepUUID != in.Step.UUID || !got.Step.OverdueAt.Equal(in.Step.OverdueAt) ||
		len(got.Step.Options) != len(in.Step.Options) || len(got.Step.Responses) != len(in.Step.People) {
		t.Fatalf("read the step %+v, kept %+v", got.Step, in.Step)
	}
	for _, p := range in.Step.People {
		r, ok := got.Step.Response(p.Login)
		if !ok || r.Required != p.Required || r.Submitted == p.Open() || (r.Selected != nil) == p.Open() {
			t.Errorf("read the place %+v, kept %+v", r, p)
		}
	}
}

// answer responds to a workflow in every way.
func answer(t *testing.T, server *sandbox.Server, c *procore.Client, in procore.Instance) {
	t.Helper()
	kept := map[procore.InstanceID]sandbox.Instance{}
	for _, i := range server.Instances() {
		kept[i.InstanceRef.Instance] = i
	}
	ref := kept[in.ID].InstanceRef
	response := procore.Response{Step: in.Step.ID, Option: in.Step.Options[0].ID, Comment: "checked", IdempotencyToken: "t-" + string(in.ID)}
	for range 2 { // the same again is taken too
		if got, err := c.Respond(t.Context(), ref, response); err != nil || got.HTTPStatus != 204 || got.RequestID == "" {
			t.Fatalf("responded: %+v, error %v", got, err)
		}
	}
	response.Comment, response.IdempotencyToken = "changed", ""
	_, err := c.Respond(t.Context(), ref, response)
	var refused *procore.APIError
	if !errors.As(err, &refused) || refused.Status != 422 || procore.MaybeApplied(err) {
		t.Errorf("another response: %v", err)
	}
}

// legalStep finds the demo's workflow that waits for legal approval, and an invitation for one who may be invited.
func legalStep(t *testing.T, server *sandbox.Server, c *procore.Client) (procore.InstanceRef, procore.Instance, procore.Invitation) {
	t.Helper()
	var ref procore.InstanceRef
	for _, in := range server.Instances() {
		if in.Step != nil && in.Step.Name == "Legal" {
			ref = in.InstanceRef
		}
	}
	in, err := c.Instance(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for who, err := range c.PossibleAssignees(t.Context(), procore.AssigneeScope{Project: ref.Project, Tool: in.Tool}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, on := in.Step.Response(who.ID); !on {
			return ref, in, procore.Invitation{
				Step: in.Step.ID, Logins: []procore.LoginID{who.ID}, Required: true, Reason: procore.ReasonLeftCompany,
			}
		}
	}
	t.Fatal("nobody can be invited")
	return ref, in, procore.Invitation{}
}

func TestAnInvitationIsSeenInItsAnswer(t *testing.T) {
	server, c := sandboxClient(t, sandbox.DemoSample().Company, sandbox.Options{})
	ref, in, invitation := legalStep(t, server, c)
	got, err := c.Invite(t.Context(), ref, invitation)
	if err != nil || got.Instance == nil {
		t.Fatalf("got %+v, error %v", got, err)
	}
	r, on := got.Instance.Step.Response(invitation.Logins[0])
	if !on || !r.Required || r.Submitted || len(got.Instance.Step.Responses) != len(in.Step.Responses)+1 {
		t.Errorf("the answer shows %+v", got.Instance.Step.Responses)
	}
}

func TestTheFateOfAnInvitationWhoseAnswerSaysNothingIsReadAgain(t *testing.T) {
	for fault, applied := range map[string]bool{
		"lost": true, "redirect applied": true, "304 applied": true, "404 applied": true, "409 applied": true, "499 applied": true,
		"503 applied": true, "truncate": true, "html": true, "409": false, "redirect": false, "304": false, "timeout delay=1ms": false,
	} {
		server, c := sandboxClient(t, sandbox.DemoSample().Company, sandbox.Options{})
		ref, _, invitation := legalStep(t, server, c)
		faults, err := sandbox.ParseFaults(fault + " on=addProjectInstanceAssignees")
		if err != nil {
			t.Fatal(err)
		}
		server.SetFaults(faults)
		if _, err = c.Invite(t.Context(), ref, invitation); !procore.MaybeApplied(err) {
			t.Errorf("%s: its fate is not unknown: %v", fault, err)
		}
		now, err := c.Instance(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, on := now.Step.Response(invitation.Logins[0]); on != applied {
			t.Errorf("%s: on the step %v, want %v", fault, on, applied)
		}
		if n := server.CallCounts()["addProjectInstanceAssignees"]; n != 1 {
			t.Errorf("%s: sent %d times", fault, n)
		}
	}
}

func TestAListOfWorkflowsIsReadThroughPagesThatTheFilterEmpties(t *testing.T) {
	company := sandbox.NewSample(sandbox.SampleOptions{Seed: 2}).Company
	company.Instances = nil
	server, c := sandboxClient(t, company, sandbox.Options{})
	var preset sandbox.Preset
	for _, p := range server.Snapshot() {
		if p.Project != "" {
			preset = p
			break
		}
	}
	var last procore.InstanceRef
	for range 250 {
		ref, err := server.Start(preset.PresetRef, company.Users[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		last = ref
	}
	if !server.EditInstance(last, func(in *sandbox.Instance) {
		in.Step.People = append(in.Step.People, sandbox.Place{Login: company.Me})
	}) {
		t.Fatal("no such workflow")
	}
	in, _ := server.Instance(last)
	scope := procore.AssigneeScope{Project: last.Project, Tool: in.Tool}
	for _, test := range []struct {
		filter procore.InstanceFilter
		rows   int
	}{{procore.InstanceFilter{Active: true}, 250}, {procore.InstanceFilter{Assignee: company.Me, Active: true}, 1}} {
		var rows []procore.InstanceSummary
		for row, err := range c.Instances(t.Context(), scope, test.filter) {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		if len(rows) != test.rows || rows[len(rows)-1].ID != last.Instance {
			t.Errorf("%+v: %d rows, want %d", test.filter, len(rows), test.rows)
		}
	}
	if n := server.CallCounts()["listProjectInstances"]; n != 6 {
		t.Errorf("%d pages were asked for, want 3 for each list", n)
	}
}
