package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/redact"
)

// shownForms are the ways in which a secret might be shown.
func shownForms(secret string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]), html.EscapeString(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)),
	}
}

// notSaid fails where a text shows one of the secrets in one of their forms.
func notSaid(t *testing.T, where, text string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		for _, form := range shownForms(s) {
			if strings.Contains(text, form) {
				t.Errorf("%q is in %s: %s", form, where, text)
			}
		}
	}
}

// TestNoSecretReachesAnythingThatIsWritten runs every command with known secrets, talking as much as it can, and looks
// for them in standard output, standard error and every file of the ledger.
func TestNoSecretReachesAnythingThatIsWritten(t *testing.T) {
	const id, secret, password, token = "client id+7f3a9c", `client/secret&"2b8e41"`, "pass/word:9d0c55@é", "T0123456789-hooktoken77"
	dir := t.TempDir()
	sample := sandbox.DemoSample()
	web := httptest.NewServer(sandbox.New(sample.Company, sandbox.Options{ClientID: id, ClientSecret: secret}))
	defer web.Close()
	if _, err := writeSample(dir, sample, ""); err != nil {
		t.Fatal(err)
	}
	runs, envFile := filepath.Join(dir, "runs"), filepath.Join(dir, "secret.env")
	if err := os.WriteFile(envFile, []byte("PROCORE_CLIENT_SECRET="+secret+"\n"+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"PROCORE_API_URL=" + web.URL, "PROCORE_LOGIN_URL=" + web.URL, "PROCORE_COMPANY_ID=" + string(sample.Company.ID),
		"PROCORE_CLIENT_ID=" + id, "PROCORE_CLIENT_SECRET=" + secret, "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
		"SYNC_FIRST_RUN=allow", "LEDGER_DIR=" + runs, "LOG_LEVEL=debug", "SYNC_NOTIFY_ON=always",
	}
	file := "HR_CSV=" + filepath.Join(dir, "hr.csv")
	type call struct {
		args, more []string
	}
	calls := []call{
		{[]string{"init", "--out", filepath.Join(dir, "draft")}, []string{file}},
		{[]string{"check"}, []string{file}},
		{[]string{"check", "--format", "json"}, []string{file, "LOG_FORMAT=json"}},
		{[]string{"plan"}, []string{file}},
		{[]string{"plan", "--format", "json"}, []string{file, "LOG_FORMAT=json"}},
		{[]string{"apply", "--yes"}, []string{file}},
		{[]string{"apply", "--yes"}, []string{file, "SYNC_NOTIFY_URL=slack://hook:" + token + "@webhook"}},
		{[]string{"apply", "--yes"}, []string{file, "SYNC_NOTIFY_URL=generic+http://127.0.0.1:1/" + token}},
		{[]string{"apply", "--yes"}, []string{file, "SYNC_NOTIFY_URL=" + token}},
		{[]string{"explain", "--project", "24-017"}, []string{file}},
		{[]string{"runs"}, nil},
		{[]string{"runs", "show", "last"}, nil},
		{[]string{"runs", "verify"}, nil},
		{[]string{"rollback", "last", "--yes"}, nil},
		{[]string{"help", "settings"}, nil},
		{[]string{"version"}, nil},
		{[]string{"plan"}, []string{file, "PROCORE_CLIENT_SECRET=wrong-" + secret}},
		{[]string{"plan"}, []string{file, `PROCORE_CLIENT_SECRET="` + secret + `"`}},
		{[]string{"plan"}, []string{file, "PROCORE_CLIENT_SECRET_FILE=/etc/" + "nowhere"}},
		{[]string{"plan", "--env-file", envFile}, []string{file, "PROCORE_CLIENT_SECRET="}},
		{[]string{"plan"}, []string{file, "PROCORE_API_URL=https://" + url.UserPassword(id, secret).String() + "@example.com"}},
	}
	for _, database := range []string{
		"postgres://user:" + url.QueryEscape(password) + "@127.0.0.1:1/hr",
		"postgres://user:" + password + "@127.0.0.1:1/hr",
		"postgres://user:" + password + "@host:port/hr",
		"host=127.0.0.1 port=1 user=hr password='" + password + "'",
		"jdbc:postgresql://127.0.0.1:1/hr?user=hr&password=" + url.QueryEscape(password),
		"Server=127.0.0.1;User Id=hr;Password=" + password + ";Database=hr",
	} {
		calls = append(calls,
			call{[]string{"check"}, []string{"HR_DATABASE_URL=" + database}},
			call{[]string{"plan"}, []string{"HR_DATABASE_URL=" + database}},
			call{[]string{"apply", "--yes"}, []string{file, "LEDGER_DATABASE_URL=" + database}},
			call{[]string{"runs"}, []string{"LEDGER_DATABASE_URL=" + database}},
			call{[]string{"migrate", "hr"}, []string{"HR_DATABASE_URL=" + database}},
			call{[]string{"migrate", "ledger", "--status"}, []string{"LEDGER_DATABASE_URL=" + database}},
		)
	}
	for _, c := range calls {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			out := written(c.args, append(environ[:len(environ):len(environ)], c.more...))
			notSaid(t, "what is printed", out, id, secret, password, token, "9d0c55", "hooktoken77")
		})
	}
	files := append(filesIn(t, runs), filesIn(t, filepath.Join(dir, "draft"))...)
	if len(files) < 10 {
		t.Errorf("looked through %d files only", len(files))
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		notSaid(t, path, string(text), id, secret, password, token, "9d0c55", "hooktoken77")
	}
}

// gossip is a Procore that tells back all that it is told, in every form in which servers do: in the bodies of errors, in
// the address of a redirect, and in headers. Every other answer is the sandbox's.
type gossip struct {
	next http.Handler
	on   string // part of the path of the requests that it tells back
	with int    // the status

	mu     gosync.Mutex
	tokens []string // that it has seen
}

func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	authorization := r.Header.Get("Authorization")
	if _, token, ok := strings.Cut(authorization, "Bearer "); ok {
		g.mu.Lock()
		g.tokens = append(g.tokens, token)
		g.mu.Unlock()
	}
	if !strings.Contains(r.Method+" "+r.URL.Path, g.on) {
		g.next.ServeHTTP(w, r)
		return
	}
	form, _ := url.ParseQuery(string(body))
	told := []string{string(body), authorization}
	for _, value := range append(slices.Sorted(maps.Keys(form)), authorization) {
		value += form.Get(value)
		quoted, _ := json.Marshal(value)
		told = append(told, value, url.PathEscape(value), string(quoted), base64.StdEncoding.EncodeToString([]byte(value)))
	}
	basic := base64.StdEncoding.EncodeToString([]byte(form.Get("client_id") + ":" + form.Get("client_secret")))
	text, _ := json.Marshal(map[string]string{"message": strings.Join(append(told, basic), " | ")})
	w.Header().Set("X-Request-Id", basic)
	if g.with < 400 {
		home := map[bool]string{true: "http://" + r.Host, false: "http://127.0.0.1:1"}[g.with == http.StatusTemporaryRedirect]
		w.Header().Set("Location", home+"/there?"+url.Values{"told": told}.Encode())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(g.with)
	_, _ = w.Write(text)
}

func TestASecretThatProcoreTellsBackReachesNothingThatIsWritten(t *testing.T) {
	const id, secret = `client id/7f3a9c+`, `s3cr&t "2b8e41"/é+=\`
	for _, c := range []struct {
		on   string
		with int
		args []string
	}{
		{"/oauth/token", 401, []string{"check"}},
		{"/oauth/token", 400, []string{"plan"}},
		{"/oauth/token", 503, []string{"apply", "--yes"}},
		{"/oauth/token", 302, []string{"plan"}},
		{"/oauth/token", 307, []string{"plan"}},
		{"/workflows/tools", 403, []string{"check"}},
		{"/presets", 403, []string{"plan"}},
		{"/presets", 500, []string{"plan", "--format", "json"}},
		{"/presets", 302, []string{"plan", "--format", "markdown"}},
		{"/users", 401, []string{"explain", "--project", "24-017"}},
		{"PATCH ", 422, []string{"apply", "--yes"}},
		{"PATCH ", 500, []string{"apply", "--yes", "--format", "json"}},
		{"PATCH ", 307, []string{"apply", "--yes"}},
		{"PATCH ", 302, []string{"apply", "--yes", "--format", "html"}},
	} {
		t.Run(fmt.Sprint(c.on, c.with, c.args), func(t *testing.T) {
			dir := t.TempDir()
			sample := sandbox.DemoSample()
			g := &gossip{next: sandbox.New(sample.Company, sandbox.Options{ClientID: id, ClientSecret: secret}), on: c.on, with: c.with}
			web := httptest.NewServer(g)
			defer web.Close()
			if _, err := writeSample(dir, sample, ""); err != nil {
				t.Fatal(err)
			}
			out := written(c.args, []string{
				"PROCORE_API_URL=" + web.URL, "PROCORE_LOGIN_URL=" + web.URL, "PROCORE_COMPANY_ID=" + string(sample.Company.ID),
				"PROCORE_CLIENT_ID=" + id, "PROCORE_CLIENT_SECRET=" + secret, "PROCORE_MAX_ATTEMPTS=1", "LOG_LEVEL=debug",
				"HR_CSV=" + filepath.Join(dir, "hr.csv"), "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
				"SYNC_FIRST_RUN=allow", "LEDGER_DIR=" + filepath.Join(dir, "runs"),
			})
			if c.with >= 400 && !strings.Contains(out, redact.Mark) {
				t.Errorf("nothing of what was told back is shown: %s", out)
			}
			texts := map[string]string{"what is printed": out}
			for _, f := range filesIn(t, filepath.Join(dir, "runs")) {
				text, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				texts[f] = string(text)
			}
			basic := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
			for where, text := range texts {
				notSaid(t, where, text, append(g.tokens, id, secret, basic)...)
			}
		})
	}
}

// filesIn lists the files below a folder, which need not be there.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// written returns all that a command writes.
func written(args, environ []string) string {
	var out bytes.Buffer
	realMain(context.Background(), process{Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
	return out.String()
}
