package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
)

type instanceView struct {
	ID          string       `json:"id"`
	ItemID      string       `json:"item_id"`
	ToolType    string       `json:"tool_type"`
	ToolSubtype any          `json:"tool_subtype"`
	CreatedAt   time.Time    `json:"created_at"`
	UpdatedAt   time.Time    `json:"updated_at"`
	StartedAt   time.Time    `json:"started_at"`
	EndedAt     *time.Time   `json:"ended_at"`
	CreatedBy   possibleView `json:"created_by"`
}

// listInstances serves running workflows, so many for each preset, by cursor or by page.
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
	if c.query.Has("page") && c.query.Has("cursor") {
		return c.fail(http.StatusBadRequest, "page and cursor cannot be mixed.")
	}
	var of []*Preset
	run := s.index.presets[project]
	for i := run.first; i < run.end; i++ {
		p := &s.company.Presets[i]
		if t := s.index.template(s.company, p.Template); t != nil && t.Tool == tool {
			of = append(of, p)
		}
	}
	total := len(of) * s.company.InstancesPerPreset
	rows := func(first, end int) any {
		views := make([]instanceView, 0, end-first)
		for i := first; i < end; i++ {
			views = append(views, s.instance(of[i/s.company.InstancesPerPreset], tool, i%s.company.InstancesPerPreset))
		}
		return views
	}
	if c.query.Has("page") {
		r := c.page(pagesV2, total, rows)
		r.header.Del("Total")
		return r
	}
	return c.cursorPage(total, rows)
}

func (s *Server) instance(p *Preset, tool procore.ToolRef, n int) instanceView {
	started := longAgo.Add(time.Duration(n) * time.Hour)
	view := instanceView{
		ID: fmt.Sprintf("%s%04d", p.Preset, n), ItemID: strconv.Itoa(50_000 + n), ToolType: tool.Type,
		ToolSubtype: textOrNull(tool.Subtype), CreatedAt: started, UpdatedAt: started, StartedAt: started,
		CreatedBy: possibleView{Company: map[string]string{"name": s.company.Name}},
	}
	if len(s.index.active) > 0 {
		view.CreatedBy.loginView = s.login(s.company.Users[s.index.active[n%len(s.index.active)]].ID)
	}
	return view
}

// cursorPage answers with the rows after the cursor, which is opaque to callers.
func (c *call) cursorPage(total int, rows func(first, end int) any) reply {
	per, problem := c.positive("per_page", pagesV2.perPage)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	if per > pagesV2.atMost {
		return c.fail(http.StatusBadRequest, fmt.Sprintf("Invalid per_page of %d: at most %d are allowed.", per, pagesV2.atMost))
	}
	first := 0
	if cursor := c.query.Get("cursor"); cursor != "" {
		n, err := strconv.ParseUint(cursor, 36, 31)
		if err != nil || int(n) > total {
			return c.fail(http.StatusBadRequest, "The cursor is unknown.")
		}
		first = int(n)
	}
	end := min(first+per, total)
	r := dataReply(rows(first, end))
	r.header.Set("Per-Page", strconv.Itoa(per))
	if end < total {
		r.header.Set("Link", c.linkTo("next", url.Values{"cursor": {strconv.FormatInt(int64(end), 36)}}))
	}
	return r
}
