package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/snapshot"
)

// company is a Procore of a few maps, which counts what it is asked.
type company struct {
	projects  []procore.Project
	users     []procore.User
	inactive  []procore.User
	tools     []procore.Tool
	templates []procore.Template
	versions  map[procore.VersionID]procore.TemplateVersion
	presets   map[procore.AssigneeScope][]procore.Preset
	possible  map[procore.AssigneeScope][]procore.Login
	fails     map[string]error // by what is asked

	mu    gosync.Mutex
	asked map[string]int
}

func (c *company) ask(kind, what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[string]int{}
	}
	c.asked[kind]++
	return c.fails[what]
}

func list[T any](rows []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

func (c *company) Projects(context.Context) iter.Seq2[procore.Project, error] {
	return list(c.projects, c.ask("projects", "projects"))
}

func (c *company) Users(context.Context) iter.Seq2[procore.User, error] {
	return list(c.users, c.ask("users", "users"))
}

func (c *company) InactiveUsers(context.Context) iter.Seq2[procore.User, error] {
	return list(c.inactive, c.ask("inactive", "inactive"))
}

func (c *company) Tools(context.Context) ([]procore.Tool, error) {
	return c.tools, c.ask("tools", "tools")
}

func (c *company) Templates(context.Context) iter.Seq2[procore.Template, error] {
	return list(c.templates, c.ask("templates", "templates"))
}

func (c *company) Version(_ context.Context, id procore.VersionID) (procore.TemplateVersion, error) {
	return c.versions[id], c.ask("version", "version "+string(id))
}

func (c *company) Presets(_ context.Context, scope procore.AssigneeScope) iter.Seq2[procore.PresetSummary, error] {
	err := c.ask("presets", fmt.Sprintf("presets %s %s", scope.Project, scope.Tool.Type))
	var rows []procore.PresetSummary
	for _, p := range c.presets[scope] {
		rows = append(rows, procore.PresetSummary{ID: p.ID, Valid: p.Valid, Template: p.Template})
	}
	return list(rows, err)
}

func (c *company) Preset(_ context.Context, ref procore.PresetRef) (procore.Preset, error) {
	if err := c.ask("preset", "preset "+string(ref.Preset)); err != nil {
		return procore.Preset{}, err
	}
	for scope, presets := range c.presets {
		if i := slices.IndexFunc(presets, func(p procore.Preset) bool { return p.ID == ref.Preset }); i >= 0 && scope.Project == ref.Project {
			return presets[i], nil
		}
	}
	return procore.Preset{}, &procore.APIError{Status: 404, Message: "no such preset"}
}

func (c *company) PossibleAssignees(_ context.Context, scope procore.AssigneeScope) iter.Seq2[procore.Login, error] {
	return list(c.possible[scope], c.ask("possible", fmt.Sprintf("possible %s %s", scope.Project, scope.Tool.Type)))
}

var (
	contracts = procore.ToolRef{Type: "commitments"}
	invoices  = procore.ToolRef{Type: "invoices"}
	filings   = procore.ToolRef{Type: "filings"}
)

// harbour is a company with two projects, a template on each of two project tools, and one on a company tool.
func harbour() *company {
	c := &company{
		projects: []procore.Project{{ID: "20", Name: "Mill lofts", Number: "24-002"}, {ID: "7", Name: "Harbour tower", Number: "24-001"}},
		users:    []procore.User{{ID: "2", Active: true}, {ID: "1", Active: true}},
		inactive: []procore.User{{ID: "3", Active: true}},
		tools: []procore.Tool{
			{ToolRef: invoices, Provider: procore.ProviderProject},
			{ToolRef: contracts, Provider: procore.ProviderProject},
			{ToolRef: filings, Provider: procore.ProviderCompany},
			{ToolRef: procore.ToolRef{Type: "rfis"}, Provider: procore.ProviderProject},
		},
		templates: []procore.Template{
			{ID: "102", Name: "Invoice approval", Tool: invoices, Published: "1002", AssignedProjects: 2},
			{ID: "101", Name: "Contract approval", Tool: contracts, Published: "1001", AssignedProjects: 2},
			{ID: "103", Name: "Filing", Tool: filings, Published: "1003"},
			{ID: "104", Name: "Old approval", Tool: contracts, Published: "1004", Archived: true},
			{ID: "105", Name: "Draft", Tool: contracts},
			{ID: "106", Name: "Nobody's", Tool: procore.ToolRef{Type: "rfis"}, Published: "1006"},
		},
		versions: map[procore.VersionID]procore.TemplateVersion{},
		presets:  map[procore.AssigneeScope][]procore.Preset{},
		possible: map[procore.AssigneeScope][]procore.Login{},
		fails:    map[string]error{},
	}
	for _, v := range []procore.VersionID{"1001", "1002", "1003"} {
		c.versions[v] = procore.TemplateVersion{ID: v, Groups: []procore.ResponsibleGroup{{UUID: "g" + procore.GroupUUID(v), Name: "Legal", Type: "responsible_role"}}}
	}
	c.add(contracts, "7", "11", "101", "1001")
	c.add(contracts, "20", "12", "101", "1001")
	c.add(invoices, "7", "13", "102", "1002")
	c.add(invoices, "20", "14", "102", "1002")
	c.add(filings, "", "15", "103", "1003")
	return c
}

func (c *company) add(tool procore.ToolRef, project procore.ProjectID, preset procore.PresetID, template procore.TemplateID, version procore.VersionID) {
	scope := procore.AssigneeScope{Project: project, Tool: tool}
	c.presets[scope] = append(c.presets[scope], procore.Preset{
		ID: preset, Valid: true, Template: procore.PresetTemplate{ID: template, Published: version},
	})
}

func options(change ...func(*snapshot.Options)) snapshot.Options {
	opts := snapshot.Options{
		Company: "42", Host: "api.procore.com", Concurrency: 4,
		Now: func() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) },
	}
	for _, f := range change {
		f(&opts)
	}
	return opts
}

// with is what an earlier run remembers.
func with(memory *snapshot.Memory) func(*snapshot.Options) {
	copied := *memory
	copied.Presets = slices.Clone(memory.Presets)
	return func(o *snapshot.Options) { o.Memory = &copied }
}

func mustRead(t interface {
	Helper()
	Fatal(...any)
}, c *company, opts snapshot.Options,
) (*sync.Snapshot, *snapshot.Memory) {
	t.Helper()
	c.asked = nil
	s, memory, err := snapshot.Read(context.Background(), c, opts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, memory
}

func presetIDs(s *sync.Snapshot) []procore.PresetID {
	var ids []procore.PresetID
	for _, p := range s.Presets {
		ids = append(ids, p.Ref.Preset)
	}
	return ids
}

func TestReadIsSortedAndWhole(t *testing.T) {
	s, _ := mustRead(t, harbour(), options())
	if diff := cmp.Diff([]procore.PresetID{"15", "11", "13", "12", "14"}, presetIDs(s)); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
	if s.Projects[0].ID != "7" || s.Users[0].ID != "1" || s.Templates[0].ID != "101" {
		t.Errorf("not sorted by id: %v %v %v", s.Projects, s.Users, s.Templates)
	}
	if last := s.Users[len(s.Users)-1]; last.ID != "3" || last.Active {
		t.Errorf("someone of the list of inactive people is not inactive: %+v", last)
	}
	if s.Presets[1].TemplateName != "Contract approval" || s.Presets[1].Project.Number != "24-001" {
		t.Errorf("a preset does not know where it belongs: %+v", s.Presets[1])
	}
	want := []sync.SkippedTemplate{{ID: "104", Name: "Old approval", Why: "it is archived"}, {ID: "105", Name: "Draft", Why: "it has no published version"}}
	if diff := cmp.Diff(want, s.Skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if len(s.Unreadable) != 0 {
		t.Errorf("unreadable: %+v", s.Unreadable)
	}
}

func TestCompanyWideReadThatFailsEndsTheRun(t *testing.T) {
	for _, what := range []string{"projects", "users", "inactive", "tools", "templates"} {
		c := harbour()
		c.fails[what] = errors.New("cut off")
		if s, _, err := snapshot.Read(context.Background(), c, options(), nil); err == nil {
			t.Errorf("%s cut off: read %+v without an error", what, s)
		}
	}
}

func TestOneCauseThatKeepsSeveralListsFromBeingReadIsToldOnce(t *testing.T) {
	c := harbour()
	refused := &procore.AuthError{Host: "login.procore.com", Status: 401}
	for _, list := range []string{"projects", "users", "tools"} {
		c.fails[list] = fmt.Errorf("first page: %w", refused)
	}
	c.fails["templates"] = errors.New("cut off")
	_, _, err := snapshot.Read(t.Context(), c, options(), nil)
	want := "read projects, the company directory, workflow tools: first page: " + refused.Error() + "\nread workflow templates: cut off"
	if err == nil || err.Error() != want || !errors.As(err, &refused) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestAWrongCompanyIsToldOnceHoweverManyListsItRefuses(t *testing.T) {
	c := harbour()
	for i, list := range []string{"projects", "users", "inactive", "tools", "templates"} {
		c.fails[list] = &procore.APIError{
			Method: "GET", Path: "/" + list, Status: 403, Message: "App is not connected to this company.", RequestID: fmt.Sprint("r", i),
		}
	}
	_, _, err := snapshot.Read(t.Context(), c, options(), nil)
	const want = "read projects, the company directory, the directory's inactive users, workflow templates, workflow tools: " +
		"GET /projects: 403 Forbidden: App is not connected to this company. (request id r0)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestUnreadableProjectLeavesTheOthers(t *testing.T) {
	c := harbour()
	c.fails["presets 7 commitments"] = &procore.APIError{Status: 403, Message: "no right"}
	c.fails["preset 14"] = &procore.APIError{Status: 404, Message: "gone"}
	s, memory := mustRead(t, c, options())
	if diff := cmp.Diff([]procore.PresetID{"15", "13", "12"}, presetIDs(s)); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
	var subjects []string
	for _, u := range s.Unreadable {
		subjects = append(subjects, u.Subject)
	}
	want := []string{"preset 14 of invoices of project 24-002 Mill lofts", "presets of commitments of project 24-001 Harbour tower"}
	if diff := cmp.Diff(want, subjects); diff != "" {
		t.Errorf("unreadable (-want +got):\n%s", diff)
	}
	// Neither what was listed and not read is invisible, nor what a list holds that could not be read.
	if len(s.Invisible) != 0 || s.Unreadable[0].TemplateID != "102" {
		t.Errorf("invisible: %+v, unreadable: %+v", s.Invisible, s.Unreadable)
	}
	if _, listed := memory.Lists[procore.AssigneeScope{Project: "7", Tool: contracts}]; listed {
		t.Error("the next run is told that an unread list was read")
	}
}

func TestToolThatProcoreDoesNotListIsUnreadable(t *testing.T) {
	c := harbour()
	c.tools = slices.Delete(c.tools, 2, 3)
	s, _ := mustRead(t, c, options())
	if len(s.Unreadable) != 1 || s.Unreadable[0].Subject != "tool filings" {
		t.Errorf("unreadable: %+v", s.Unreadable)
	}
}

func TestToolWhoseSubtypeIsNotListedIsReadAsItsType(t *testing.T) {
	c := harbour()
	letters := procore.ToolRef{Type: "correspondence", Subtype: "-12"}
	c.tools = append(c.tools, procore.Tool{ToolRef: procore.ToolRef{Type: "correspondence"}, Provider: procore.ProviderProject})
	c.templates = append(c.templates, procore.Template{ID: "107", Name: "Letters", Tool: letters, Published: "1001", AssignedProjects: 1})
	c.add(letters, "7", "16", "107", "1001")
	s, _ := mustRead(t, c, options())
	if !slices.Contains(presetIDs(s), "16") || len(s.Unreadable) != 0 {
		t.Errorf("presets %v, unreadable %+v", presetIDs(s), s.Unreadable)
	}
}

func TestFiltersNarrowTheScopeAndSayWhatMatchesNothing(t *testing.T) {
	c := harbour()
	s, memory := mustRead(t, c, options(func(o *snapshot.Options) {
		o.Templates = []string{"contract  APPROVAL", "102", "Contract aproval"}
		o.Projects = []string{"24-002"}
	}))
	if diff := cmp.Diff([]procore.PresetID{"12", "14"}, presetIDs(s)); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
	if len(s.FilterUnused) != 1 || s.FilterUnused[0].Entry != "Contract aproval" || !slices.Contains(s.FilterUnused[0].Near, "Contract approval") {
		t.Errorf("unused filters: %+v", s.FilterUnused)
	}
	if !s.Filtered || len(memory.Lists)+len(memory.Templates) > 0 || len(s.Projects) != 2 || s.Invisible != nil {
		t.Errorf("a filtered read judges or remembers the whole: %+v %+v", s, memory)
	}
}

func TestInvisibleProjectsAreCounted(t *testing.T) {
	c := harbour()
	c.templates[1].AssignedProjects = 5
	s, _ := mustRead(t, c, options())
	want := []sync.InvisibleProjects{{TemplateID: "101", TemplateName: "Contract approval", Assigned: 5, Found: 2}}
	if diff := cmp.Diff(want, s.Invisible); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A count that Procore leaves out is not a count of none: the template's presets are looked for, in every run.
func TestUnknownCountOfProjectsIsNotNone(t *testing.T) {
	c := harbour()
	c.templates[0].AssignedProjects = procore.AssignedUnknown
	_, memory := mustRead(t, c, options())
	c.add(invoices, "20", "16", "102", "1002")
	s, _ := mustRead(t, c, options(with(memory)))
	if diff := cmp.Diff([]procore.PresetID{"11", "12", "13", "14", "15", "16"}, slices.Sorted(slices.Values(presetIDs(s)))); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
	if len(s.Invisible) > 0 {
		t.Errorf("projects are said to be invisible: %+v", s.Invisible)
	}
}

func TestPresetsOfAnUnreadableVersionAreLeftOut(t *testing.T) {
	c := harbour()
	c.fails["version 1001"] = &procore.APIError{Status: 500, Message: "broken"}
	s, _ := mustRead(t, c, options())
	if diff := cmp.Diff([]procore.PresetID{"15", "13", "14"}, presetIDs(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.Unreadable) != 2 || !strings.Contains(s.Unreadable[0].Detail, "broken") {
		t.Errorf("unreadable: %+v", s.Unreadable)
	}
	if len(s.Invisible) != 0 {
		t.Errorf("what could not be read is said to be invisible: %+v", s.Invisible)
	}
}

func TestUnreadableListOfPossibleAssigneesIsNoted(t *testing.T) {
	c := harbour()
	s, _ := mustRead(t, c, options())
	good := procore.AssigneeScope{Project: "7", Tool: contracts}
	bad := procore.AssigneeScope{Project: "20", Tool: contracts}
	c.possible[good] = []procore.Login{{ID: "1", Login: "a@example.com"}}
	c.fails["possible 20 commitments"] = &procore.APIError{Status: 403, Message: "no right"}
	if err := snapshot.ReadPossible(context.Background(), c, s, []procore.AssigneeScope{good, bad}, options()); err != nil {
		t.Fatal(err)
	}
	if len(s.Possible[good]) != 1 {
		t.Errorf("the list that can be read: %v", s.Possible[good])
	}
	if _, known := s.Possible[bad]; known || len(s.Unreadable) != 1 || *s.Unreadable[0].Possible != bad {
		t.Errorf("the list that can't be read: %+v", s.Unreadable)
	}
}

// limited lets through some reads of presets, then none before the time is over.
type limited struct {
	*company
	presets atomic.Int32
}

func limitedTo(c *company, presets int32) *limited {
	l := &limited{company: c}
	l.presets.Store(presets)
	return l
}

func (l *limited) Preset(ctx context.Context, ref procore.PresetRef) (procore.Preset, error) {
	if l.presets.Add(-1) < 0 {
		return procore.Preset{}, &procore.BudgetError{Until: time.Now().Add(time.Hour)}
	}
	return l.company.Preset(ctx, ref)
}

func TestRunWithoutTimeForAllPresetsLetsTheNextBeginWithThem(t *testing.T) {
	c := harbour()
	inTime := func(o *snapshot.Options) { o.Concurrency, o.PresetsBy = 1, time.Now().Add(time.Hour) }
	first, memory, err := snapshot.Read(context.Background(), limitedTo(c, 3), options(inTime), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Partial() || len(first.Presets) != 3 || len(first.Unreached) != 2 || len(first.Unreadable) != 0 || first.Invisible != nil {
		t.Fatalf("read %v, not reached %v, unreadable %v, invisible %v", presetIDs(first), first.Unreached, first.Unreadable, first.Invisible)
	}
	second, _, err := snapshot.Read(context.Background(), limitedTo(c, 3), options(inTime, with(memory)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range first.Unreached {
		if !slices.Contains(presetIDs(second), ref.Preset) {
			t.Errorf("preset %s is not read in the second run either: %v", ref.Preset, presetIDs(second))
		}
	}
}

func TestRunWithoutTimeAtAllIsAnError(t *testing.T) {
	if s, _, err := snapshot.Read(context.Background(), limitedTo(harbour(), 3), options(), nil); err == nil {
		t.Errorf("no time is set apart for presets, and yet a cut-off read gives %v", presetIDs(s))
	}
}
