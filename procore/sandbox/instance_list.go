package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
)

type instanceRowView struct {
	ID          procore.InstanceID `json:"id"`
	ItemID      procore.ItemID     `json:"item_id"`
	ToolType    string             `json:"tool_type"`
	ToolSubtype any                `json:"tool_subtype"`
	CreatedAt   time.Time          `json:"created_at"`
	UpdatedAt   time.Time          `json:"updated_at"`
	StartedAt   time.Time          `json:"started_at"`
	EndedAt     *time.Time         `json:"ended_at"`
	CreatedBy   possibleView       `json:"created_by"`
}

// listInstances serves the workflows of a tool, by cursor or by page. A page by cursor covers a fixed number of
// workflows and holds those that pass the filters, which may be none.
func (s *Server) listInstances(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	project, refusal, ok := s.project(c)
	if !ok {
		return refusal
	}
	tool, problem := s.tool(c, "filters[tool_type]", "filters[tool_subtype]")
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	keep, problem := s.instanceFilter(c)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	if c.query.Has("page") && c.query.Has("cursor") {
		return c.fail(http.StatusBadRequest, "page and cursor cannot be mixed.")
	}
	run := s.index.instances[project]
	var of []*Instance
	for i := run.first; i < run.end; i++ {
		if in := &s.company.Instances[i]; in.Tool == tool {
			of = append(of, in)
		}
	}
	if !c.query.Has("page") {
		return s.cursorPage(c, of, keep)
	}
	of = slices.DeleteFunc(of, func(in *Instance) bool { return !keep(in) })
	r := c.page(pagesV2, len(of), func(first, end int) any { return s.instanceRows(of[first:end]) })
	r.header.Del("Total")
	return r
}

func (s *Server) instanceRows(of []*Instance) []instanceRowView {
	views := make([]instanceRowView, 0, len(of))
	for _, in := range of {
		views = append(views, s.instanceRow(in))
	}
	return views
}

func (s *Server) instanceRow(in *Instance) instanceRowView {
	view := instanceRowView{
		ID: in.InstanceRef.Instance, ItemID: in.Item, ToolType: in.Tool.Type, ToolSubtype: textOrNull(in.Tool.Subtype),
		CreatedAt: in.StartedAt, UpdatedAt: in.UpdatedAt, StartedAt: in.StartedAt, CreatedBy: s.possible(in.CreatedBy),
	}
	if in.Ended() {
		view.EndedAt = &in.EndedAt
	}
	return view
}

// instanceFilter parses the filters of the list of instances.
func (s *Server) instanceFilter(c *call) (keep func(*Instance) bool, problem string) {
	item, assignee := procore.ItemID(c.query.Get("filters[item_id]")), procore.LoginID(c.query.Get("filters[assignee_id]"))
	for name, id := range map[string]string{"filters[item_id]": string(item), "filters[assignee_id]": string(assignee)} {
		if _, err := strconv.ParseInt(id, 10, 64); id != "" && err != nil {
			return nil, name + " must be a whole number."
		}
	}
	flags := map[string]bool{}
	for _, name := range []string{"filters[active]", "filters[overdue]", "include_internal"} {
		value, _, problem := c.flag(name)
		if problem != "" {
			return nil, problem
		}
		flags[name] = value
	}
	now := s.opts.Now()
	return func(in *Instance) bool {
		return (item == "" || in.Item == item) && (assignee == "" || in.waitsFor(assignee)) &&
			(!flags["filters[active]"] || !in.Ended()) && (!flags["filters[overdue]"] || in.isOverdue(now))
	}, ""
}

// waitsFor reports whether it is the person's turn.
func (in *Instance) waitsFor(login procore.LoginID) bool {
	place, ok := in.Place(login)
	return ok && place.Open()
}

func (in *Instance) isOverdue(now time.Time) bool {
	return in.Step != nil && now.After(in.Step.OverdueAt)
}

// cursorPage returns those of the workflows after the cursor that pass the filter. The cursor is opaque to callers.
func (s *Server) cursorPage(c *call, of []*Instance, keep func(*Instance) bool) reply {
	per, problem := c.positive("per_page", pagesV2.perPage)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	if per > pagesV2.atMost {
		return c.fail(http.StatusBadRequest, fmt.Sprintf("Invalid per_page of %d: at most %d are allowed.", per, pagesV2.atMost))
	}
	first := 0
	if cursor := c.query.Get("cursor"); cursor != "" {
		after, err := strconv.ParseInt(cursor, 36, 64)
		if err != nil {
			return c.fail(http.StatusBadRequest, "The cursor is unknown.")
		}
		first, _ = slices.BinarySearchFunc(of, procore.InstanceID(strconv.FormatInt(after, 10)), func(in *Instance, id procore.InstanceID) int {
			return procore.CompareIDs(in.InstanceRef.Instance, id)
		})
	}
	end := min(first+per, len(of))
	next := end
	if c.faults.has(FaultRepeatPage) {
		next = first
	}
	kept := make([]*Instance, 0, end-first)
	for _, in := range of[first:end] {
		if keep(in) {
			kept = append(kept, in)
		}
	}
	r := dataReply(s.instanceRows(kept))
	r.header.Set("Per-Page", strconv.Itoa(per))
	if next < len(of) {
		cursor := strconv.FormatInt(number(of[next].InstanceRef.Instance), 36)
		r.header.Set("Link", c.linkTo("next", url.Values{"cursor": {cursor}, "per_page": {strconv.Itoa(per)}}))
	}
	return r
}
