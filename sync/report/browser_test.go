package report

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"procore-assignee-sync/sync"
)

// browser gives the path of a Chromium. Without one the test is skipped, but on CI it fails.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium found: install the package chromium")
	}
	t.Skip("SKIPPED: no Chromium found, so report.html was not opened: install the package chromium")
	return ""
}

// visit is what a browser saw while it showed a page.
type visit struct {
	mu       gosync.Mutex
	requests []string
	troubles []string
}

func (v *visit) listen(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "data:") {
			v.requests = append(v.requests, e.Request.URL)
		}
	case *log.EventEntryAdded:
		v.troubles = append(v.troubles, e.Entry.Text+" "+e.Entry.URL)
	case *runtime.EventConsoleAPICalled:
		v.troubles = append(v.troubles, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		v.troubles = append(v.troubles, e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		v.troubles = append(v.troubles, "dialog: "+e.Message)
	}
}

// openReport shows a record's page in a browser of the given width, and gives what the script finds there.
func openReport[T any](t *testing.T, rec sync.Record, width int64, script string) T {
	t.Helper()
	var buf bytes.Buffer
	if err := HTML(&buf, rec); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(buf.Bytes())
	}))
	t.Cleanup(server.Close)

	v := &visit{}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true))...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(v.listen))
	defer cancel()

	found, err := inTab(ctx, server.URL, width, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.requests) != 1 || v.requests[0] != server.URL+"/" {
		t.Errorf("the page asked for %q, want for itself only", v.requests)
	}
	if len(v.troubles) != 0 {
		t.Errorf("the browser complained: %q", v.troubles)
	}
	return found
}

// inTab opens the address in a tab of the given width and looks at it.
func inTab[T any](ctx context.Context, url string, width int64, look chromedp.Action[T]) (T, error) {
	var none T
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil {
		return none, err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return none, err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return none, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("h1"))); err != nil {
		return none, err
	}
	return chromedp.Run(ctx, look)
}

func TestARealBrowserShowsTheWholeReportAndAsksForNothing(t *testing.T) {
	rec := richPlan()
	type seen struct {
		Tables, Changes, Unnamed, Untitled int
		Radius, Text                       string
	}
	got := openReport[seen](t, rec, 1280, `(() => {
		const all = s => [...document.querySelectorAll(s)];
		return {
			Tables: all("table").length,
			Changes: all("section.project tbody tr").length,
			Unnamed: all("[aria-labelledby]").filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).length,
			Untitled: all("thead th").filter(e => e.scope !== "col").length,
			Radius: getComputedStyle(document.querySelector("dl")).borderRadius,
			Text: document.body.innerText,
		};
	})()`)
	if got.Changes != len(rec.Changes) {
		t.Errorf("%d changes are shown, want %d", got.Changes, len(rec.Changes))
	}
	if got.Tables < 7 || got.Unnamed != 0 || got.Untitled != 0 {
		t.Errorf("%d tables, %d regions without a name, %d headings without a scope", got.Tables, got.Unnamed, got.Untitled)
	}
	if got.Radius != "8px" {
		t.Errorf("the style sheet does not hold: the border radius is %q", got.Radius)
	}
	for _, want := range []string{totals(rec), "Ada Lovelace", "<script>alert(1)</script>", "School <b>annex</b>", "keeps 3 others unchanged"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

func TestThePageFitsAPhone(t *testing.T) {
	type size struct{ Page, Screen int }
	got := openReport[size](t, richApply(), 360, `(() => {
		const e = document.documentElement;
		return { Page: e.scrollWidth, Screen: e.clientWidth };
	})()`)
	if got.Screen == 0 || got.Page > got.Screen {
		t.Errorf("the page is %d pixels wide on a screen of %d", got.Page, got.Screen)
	}
}
