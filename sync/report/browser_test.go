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
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"procore-assignee-sync/sync"
)

// browser returns the path of a Chromium. Without one the test is skipped, but on CI it fails.
func browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "no Chromium found, so report.html was not opened: install the package chromium")
	return ""
}

// missing ends a test that needs something which is not here: loudly skipped, but on CI failed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip("SKIPPED: " + what)
}

// visit is a page in a real browser, and what the browser saw while it showed it.
type visit struct {
	testing.TB
	ctx context.Context
	url string

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

// view says how a page is looked at.
type view struct {
	width    int64
	dark     bool
	noScript bool
}

// open shows a record's page. At the end of the test the page must have asked for nothing but itself, and the browser
// must not have complained.
func open(t testing.TB, rec sync.Record, how view) *visit {
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

	v := &visit{TB: t, url: server.URL}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(cancel)
	v.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(v.listen))
	t.Cleanup(cancel)
	v.show(how)
	t.Cleanup(v.quiet)
	return v
}

// show loads the page.
func (v *visit) show(how view) {
	v.Helper()
	v.do(chromedp.EmulateViewport(how.width, 800))
	call(v, network.Enable, network.EnableParams{})
	call(v, log.Enable, cdp.Empty{})
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: how.noScript})
	scheme := either(how.dark, "dark", "light")
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	v.do(chromedp.Navigate(v.url), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func call[P, R any](v *visit, command cdp.Command[P, R], params P) {
	v.Helper()
	if _, err := chromedp.Call(v.ctx, command, params); err != nil {
		v.Fatal(err)
	}
}

func (v *visit) do(actions ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	if err := chromedp.Do(v.ctx, actions...); err != nil {
		v.Fatal(err)
	}
}

// look returns what a script finds on the page.
func look[T any](v *visit, script string) T {
	v.Helper()
	found, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		v.Fatalf("%v: %s", err, script)
	}
	return found
}

// await waits until a script finds something that is true.
func (v *visit) await(script string) {
	v.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		v.Fatalf("%v: waited for %s", err, script)
	}
}

// quiet checks that the page asked for nothing but itself, and that the browser had nothing to complain about.
func (v *visit) quiet() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.requests {
		if strings.TrimSuffix(r, "/") != v.url && !strings.HasPrefix(r, v.url+"/#") {
			v.Errorf("the page asked for %q, want for itself only", r)
		}
	}
	if len(v.troubles) != 0 {
		v.Errorf("the browser complained: %q", v.troubles)
	}
}
