package job_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// script is what someone writes who follows the documentation step by step: list the templates and projects, list each
// project's presets for each tool, get each preset, update those that differ. It makes one call at a time, and sleeps
// when the answer says that nothing remains. It asks for the biggest pages, does not look again before or after a
// write, leaves nothing to others, and is told who belongs where: it could hardly do with less.
type script struct {
	t       *testing.T
	http    http.Client
	company *bigCompany
	token   string
	expires time.Time
	refused int
}

// scriptNight lets the script run once, in a bubble of virtual time.
func (c *bigCompany) scriptNight(t *testing.T, server *sandbox.Server) nightOf {
	t.Helper()
	untilNight(firstNight)
	s := &script{t: t, company: c, http: http.Client{Transport: server.Transport()}}
	start := time.Now()
	s.run()
	took := time.Since(start)
	if n := c.differing(server); n > 0 {
		t.Fatalf("%d presets differ from HR", n)
	}
	n := nightOf{fewest: c.fewestCalls(), calls: countedCalls(server), throttled: s.refused, took: took}
	n.allowed = allowedTime(n.calls, nightHourly)
	return n
}

func (s *script) run() {
	company := "/rest/v2.0/companies/" + string(s.company.Company.ID)
	everyone := "/rest/v1.3/companies/" + string(s.company.Company.ID) + "/users?per_page=1000"
	list[struct{}](s, everyone, false)
	var tools []string
	for _, t := range list[struct {
		Tool string `json:"tool_type"`
	}](s, company+"/workflows/templates?per_page=100", true) {
		tools = append(tools, t.Tool)
	}
	tools = slices.Compact(slices.Sorted(slices.Values(tools)))
	projects := list[struct {
		ID json.Number `json:"id"`
	}](s, "/rest/v1.1/projects?per_page=300&company_id="+string(s.company.Company.ID), false)
	for _, p := range projects {
		presets := company + "/projects/" + p.ID.String() + "/workflows/presets"
		for _, tool := range tools {
			for _, preset := range list[struct {
				ID procore.PresetID `json:"id"`
			}](s, presets+"?per_page=100&filters[tool_type]="+url.QueryEscape(tool), true) {
				s.bringUpToDate(presets+"/"+string(preset.ID), procore.PresetRef{Project: procore.ProjectID(p.ID), Preset: preset.ID})
			}
		}
	}
}

// bringUpToDate reads a preset, and sends it whole where it differs.
func (s *script) bringUpToDate(path string, ref procore.PresetRef) {
	body, _ := s.call(http.MethodGet, path, nil)
	var preset struct {
		Data struct {
			Memberships []struct {
				Group     procore.GroupUUID `json:"responsible_group_uuid"`
				Assignees []procore.Login   `json:"assignees"`
			} `json:"responsible_group_memberships"`
		} `json:"data"`
	}
	s.check(json.Unmarshal(body, &preset))
	differs := false
	want := s.company.wanted[ref].Memberships
	for i, m := range preset.Data.Memberships {
		differs = differs || len(m.Assignees) != len(want[i].LoginIDs)
	}
	if !differs {
		return
	}
	write, err := json.Marshal(map[string]any{"responsible_group_memberships": want})
	s.check(err)
	s.call(http.MethodPatch, path+"/assignees", write)
}

var nextPage = regexp.MustCompile(`<[^>]*?(/rest/[^>]*)>; rel="next"`)

// list reads all pages of a list.
func list[T any](s *script, path string, wrapped bool) []T {
	var all []T
	for path != "" {
		body, header := s.call(http.MethodGet, path, nil)
		var page []T
		if wrapped {
			data := struct{ Data *[]T }{&page}
			s.check(json.Unmarshal(body, &data))
		} else {
			s.check(json.Unmarshal(body, &page))
		}
		all = append(all, page...)
		path = ""
		if next := nextPage.FindStringSubmatch(header.Get("Link")); next != nil {
			path = next[1]
		}
	}
	return all
}

// call makes one call, again where it was refused, and sleeps as the answer asks.
func (s *script) call(method, path string, body []byte) ([]byte, http.Header) {
	for {
		s.login()
		request, err := http.NewRequestWithContext(s.t.Context(), method, "http://127.0.0.1/api"+path, bytes.NewReader(body))
		s.check(err)
		request.Header.Set("Authorization", "Bearer "+s.token)
		request.Header.Set("Procore-Company-Id", string(s.company.Company.ID))
		request.Header.Set("Content-Type", "application/json")
		status, answer, header := s.send(request)
		if status != http.StatusTooManyRequests && status >= 300 {
			s.t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
		if header.Get("X-Rate-Limit-Remaining") == "0" {
			reset, err := strconv.ParseInt(header.Get("X-Rate-Limit-Reset"), 10, 64)
			s.check(err)
			time.Sleep(time.Until(time.Unix(reset, 0)))
		}
		if status != http.StatusTooManyRequests {
			return answer, header
		}
		s.refused++
	}
}

// login gets a new token before the one in use ends.
func (s *script) login() {
	if time.Until(s.expires) > time.Minute {
		return
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {sandbox.DefaultClientID}, "client_secret": {sandbox.DefaultClientSecret},
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://127.0.0.1/login/oauth/token", strings.NewReader(form.Encode()))
	s.check(err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, body, _ := s.send(request)
	var token struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	s.check(json.Unmarshal(body, &token))
	s.token, s.expires = token.Token, time.Now().Add(time.Duration(token.Seconds)*time.Second)
}

func (s *script) send(request *http.Request) (int, []byte, http.Header) {
	response, err := s.http.Do(request)
	s.check(err)
	body, err := io.ReadAll(response.Body)
	s.check(cmp.Or(err, response.Body.Close()))
	return response.StatusCode, body, response.Header
}

func (s *script) check(err error) {
	if err != nil {
		s.t.Fatal(fmt.Errorf("the script: %w", err))
	}
}
