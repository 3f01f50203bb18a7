package procore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// page is one answer of a fake list.
type page struct {
	ids     string // comma-separated
	total   string // header; empty: none
	perPage string
	link    string // position that the next link leads to; empty: no Link; "end": a Link without next
}

// pagesOf answers by the position in the query: none is the first page.
func pagesOf(pages map[string]page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		position := r.URL.Query().Get("position")
		if n := r.URL.Query().Get("page"); position == "" && n != "1" {
			position = n
		}
		answerPage(w, r, pages[position])
	}
}

func answerPage(w http.ResponseWriter, r *http.Request, p page) {
	for name, value := range map[string]string{"Total": p.total, "Per-Page": p.perPage} {
		if value != "" {
			w.Header().Set(name, value)
		}
	}
	switch p.link {
	case "":
	case "end":
		w.Header().Set("Link", `<https://api.procore.test/eu/tenant/x>; rel="first"`)
	default:
		w.Header().Set("Link", pageLink(r, p.link))
	}
	var rows []string
	for id := range strings.SplitSeq(p.ids, ",") {
		if id != "" {
			rows = append(rows, fmt.Sprintf(`{"id":%q,"tool_type":"t","name":"n","valid":true,"default":true,"template":{}}`, id))
		}
	}
	answerJSON(w, 200, `{"data":[`+strings.Join(rows, ",")+`]}`)
}

func ids(n, from int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = strconv.Itoa(from + i)
	}
	return strings.Join(out, ",")
}

func readTemplates(c *Client) (string, error) {
	rows, err := collect(c.Templates(context.Background()))
	var got []string
	for _, row := range rows {
		got = append(got, string(row.ID))
	}
	return strings.Join(got, ","), err
}

func readPresets(c *Client) (string, error) {
	rows, err := collect(c.Presets(context.Background(), AssigneeScope{Project: "24", Tool: ToolRef{Type: "t"}}))
	var got []string
	for _, row := range rows {
		got = append(got, string(row.ID))
	}
	return strings.Join(got, ","), err
}

func TestAListIsReadToItsEnd(t *testing.T) {
	for name, pages := range map[string]map[string]page{
		"empty":                      {"": {total: "0"}},
		"empty, nothing said":        {"": {}},
		"one page":                   {"": {ids: "1,2", total: "2", link: "end"}},
		"one page, nothing said":     {"": {ids: "1,2"}},
		"links and total":            {"": {ids: "1,2", total: "5", link: "b"}, "b": {ids: "3,4", total: "5", link: "c"}, "c": {ids: "5", total: "5", link: "end"}},
		"links alone":                {"": {ids: "1,2", link: "b"}, "b": {ids: "3,4", link: "c"}, "c": {ids: "5", link: "end"}},
		"links, last without a Link": {"": {ids: "1,2", link: "b"}, "b": {ids: "3"}},
		"total on some pages":        {"": {ids: "1,2", link: "b"}, "b": {ids: "3", total: "3", link: "end"}},
		"an unreadable total":        {"": {ids: "1", total: "many", link: "end"}},
		"a link to an empty end":     {"": {ids: "1,2", total: "2", link: "b"}, "b": {total: "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointTemplates, pagesOf(pages))
			f.on(endpointProjectPresets, pagesOf(pages))
			var want []string
			for _, position := range []string{"", "b", "c"} {
				if p := pages[position]; p.ids != "" {
					want = append(want, p.ids)
				}
			}
			for _, read := range []func(*Client) (string, error){readTemplates, readPresets} {
				if got, err := read(f.client()); err != nil || got != strings.Join(want, ",") {
					t.Errorf("got %s, error %v", got, err)
				}
			}
		})
	}
}

func TestWithoutLinksAFullPageOfANumberedListIsFollowedByTheNext(t *testing.T) {
	for name, pages := range map[string]map[string]page{
		"total":            {"": {ids: ids(100, 1), total: "150"}, "2": {ids: ids(50, 101), total: "150"}},
		"nothing said":     {"": {ids: ids(100, 1)}, "2": {ids: ids(50, 101)}},
		"exactly full":     {"": {ids: ids(100, 1)}, "2": {}},
		"smaller per page": {"": {ids: ids(20, 1), perPage: "20"}, "2": {ids: ids(20, 21), perPage: "20"}, "3": {ids: "41", perPage: "20"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointTemplates, pagesOf(pages))
			want := pages[""].ids
			for _, more := range []string{"2", "3"} {
				if p := pages[more]; p.ids != "" {
					want += "," + p.ids
				}
			}
			if got, err := readTemplates(f.client()); err != nil || got != want {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
}

func TestAListThatEndsTooEarlyIsAnErrorAndYieldsNothing(t *testing.T) {
	for name, pages := range map[string]map[string]page{
		"short of its total":          {"": {ids: "1,2", total: "5", link: "b"}, "b": {ids: "3,4", total: "5", link: "end"}},
		"short, without links":        {"": {ids: "1,2", total: "3"}},
		"empty, with a total":         {"": {total: "3", link: "end"}},
		"more than its total":         {"": {ids: "1,2,3", total: "2", link: "end"}},
		"an empty page in the middle": {"": {ids: "1", link: "b"}, "b": {link: "c"}, "c": {ids: "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointTemplates, pagesOf(pages))
			f.on(endpointProjectPresets, pagesOf(pages))
			for _, read := range []func(*Client) (string, error){readTemplates, readPresets} {
				got, err := read(f.client())
				var short *PageError
				if !errors.As(err, &short) || got != "" || Retryable(err) {
					t.Errorf("got %q, error %v", got, err)
				}
			}
			if n := len(f.seen(endpointTemplates)); n > len(pages) {
				t.Errorf("%d pages were asked for, of %d", n, len(pages))
			}
		})
	}
}

func TestAFullPageOfPresetsThatSaysNothingElseMayNotBeTakenForAll(t *testing.T) {
	f := newFake(t)
	f.on(endpointProjectPresets, pagesOf(map[string]page{"": {ids: ids(100, 1)}}))
	got, err := readPresets(f.client())
	var unsure *PageError
	if !errors.As(err, &unsure) || got != "" {
		t.Errorf("got %q, error %v", got, err)
	}
}

func TestAListThatChangesOnTheWayIsReadAgainAndTwiceIsNobodyYielded(t *testing.T) {
	for name, changing := range map[string]map[string]page{
		"a total that changes": {"": {ids: "1,2", total: "4", link: "b"}, "b": {ids: "3", total: "3", link: "end"}},
		"a row twice":          {"": {ids: "1,2", total: "4", link: "b"}, "b": {ids: "2,3", total: "4", link: "end"}},
		"a page twice":         {"": {ids: "1,2", total: "4", link: "b"}, "b": {ids: "1,2", total: "4", link: "end"}},
		"pages in a circle":    {"": {ids: "1,2", link: "b"}, "b": {ids: "3", link: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				settled := pagesOf(map[string]page{"": {ids: "1,2", total: "3", link: "b"}, "b": {ids: "3", total: "3", link: "end"}})
				f.inTurn(endpointTemplates, pagesOf(changing), pagesOf(changing), settled)
				if got, err := readTemplates(f.client()); err != nil || got != "1,2,3" {
					t.Errorf("got %s, error %v", got, err)
				}
				f.on(endpointTemplates, pagesOf(changing))
				got, err := readTemplates(f.client())
				var restless *PageError
				if !errors.As(err, &restless) || got != "" || !strings.Contains(err.Error(), "changed each of 4 times") {
					t.Errorf("got %s, error %v", got, err)
				}
			})
		})
	}
}

func TestTheTokenFollowsNoLinkToAnotherPlace(t *testing.T) {
	for _, target := range []string{
		"https://evil.test/eu/tenant/rest/v2.0/x",
		"//evil.test/eu/tenant/rest/v2.0/x",
		"http://api.procore.test/eu/tenant/rest/v2.0/x",
		"https://api.procore.test:8443/eu/tenant/rest/v2.0/x",
		"https://user@api.procore.test/eu/tenant/rest/v2.0/x",
		"https://api.procore.test/eu/other/rest/v2.0/x",
		"https://api.procore.test/eu/tenant/../other/x",
		"https://api.procore.test/eu/tenantX/rest",
		"https://api.procore.test.evil.test/eu/tenant/x",
		"../../../../../../../../x",
		"ht!tp://%zz",
	} {
		f := newFake(t)
		f.on(endpointTemplates, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "<"+target+`>; rel="next"`)
			answerJSON(w, 200, `{"data":[{"id":"1","tool_type":"t"}]}`)
		})
		got, err := readTemplates(f.client())
		var foreign *ForeignURLError
		if !errors.As(err, &foreign) || got != "" || Retryable(err) {
			t.Errorf("%s: got %s, error %v", target, got, err)
		}
	}
}

func TestALinkMayBeRelativeOrNameTheDefaultPort(t *testing.T) {
	for _, target := range []string{
		"templates?position=b",
		"?position=b",
		"/eu/tenant/rest/v2.0/companies/" + company + "/workflows/templates?position=b",
		"https://API.procore.test:443/eu/tenant/rest/v2.0/companies/" + company + "/workflows/templates?position=b",
	} {
		f := newFake(t)
		f.inTurn(endpointTemplates, header(200, `{"data":[{"id":"1","tool_type":"t"}]}`, "Link", "<"+target+`>; rel=next`), status(200, `{"data":[{"id":"2","tool_type":"t"}]}`))
		if !strings.Contains(target, "API") {
			if got, err := readTemplates(f.client()); err != nil || got != "1,2" {
				t.Errorf("%s: got %s, error %v", target, got, err)
			}
			continue
		}
		c := f.client()
		if u, err := c.resolve(c.base, target); err != nil || u == nil {
			t.Errorf("%s: error %v", target, err)
		}
	}
}

func TestNoRedirectToAnotherPlaceIsFollowedAndNoneOfAWrite(t *testing.T) {
	f := newFake(t)
	away := header(302, "", "Location", "https://evil.test/eu/tenant/rest")
	home := header(307, "", "Location", fakeAPI+"/rest/v2.0/companies/"+company+"/workflows/presets/812")
	f.on(endpointProjectPreset, away)
	f.on(endpointProjectAssignees, home)
	_, err := f.client().Preset(t.Context(), PresetRef{"24", "812"})
	if foreign := (*ForeignURLError)(nil); !errors.As(err, &foreign) || Retryable(err) || MaybeApplied(err) {
		t.Errorf("error %v", err)
	}
	_, err = f.client().UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
	var api *APIError
	if !errors.As(err, &api) || api.Status != 307 || api.RequestID == "" || Retryable(err) || !MaybeApplied(err) ||
		!strings.Contains(err.Error(), "a redirect to "+fakeAPI+"/rest/v2.0/companies/"+company+"/workflows/presets/812; it is not followed") {
		t.Errorf("error %v", err)
	}
	if n := len(f.seen(endpointProjectAssignees)); n != 1 || len(f.seen(endpointCompanyPreset)) > 0 {
		t.Errorf("the write was sent %d times", n)
	}
	f.on(endpointProjectPreset, home)
	f.always(endpointCompanyPreset, presetBody)
	if _, err := f.client().Preset(t.Context(), PresetRef{"24", "812"}); err != nil {
		t.Errorf("a redirect within the API URL: %v", err)
	}
	f.on(endpointToken, away)
	_, err = f.client().Preset(t.Context(), PresetRef{"24", "812"})
	var foreign *ForeignURLError
	if !errors.As(err, &foreign) {
		t.Errorf("the login's redirect: %v", err)
	}
}

// Whatever pages a list is cut into, and whatever a server leaves unsaid of totals and links, what is yielded is all of
// it or nothing.
func TestAListIsYieldedWholeOrNotAtAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.IntRange(0, 40).Draw(rt, "rows")
		size := rapid.IntRange(1, 15).Draw(rt, "page size")
		missing := rapid.IntRange(0, 3).Draw(rt, "rows left out of one page")
		at := rapid.IntRange(0, 5).Draw(rt, "of page")
		pages := map[string]page{}
		for n, from := 0, 0; from < rows || n == 0; n, from = n+1, from+size {
			have := min(size, rows-from)
			if n == at {
				have = max(0, have-missing)
			}
			p := page{ids: ids(have, from+1), total: strconv.Itoa(rows), link: "p" + strconv.Itoa(n+1)}
			if from+size >= rows {
				p.link = "end"
			}
			position := ""
			if n > 0 {
				position = "p" + strconv.Itoa(n)
			}
			pages[position] = p
		}
		f := newFake(t)
		f.on(endpointTemplates, pagesOf(pages))
		got, err := readTemplates(f.client())
		if err == nil && got != ids(rows, 1) || err != nil && got != "" {
			rt.Fatalf("got %q of %d rows, error %v", got, rows, err)
		}
	})
}
