package notify

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/sync"
)

func message() Message {
	return Message{
		Line: "exit 3, refused: refused by first_run; nothing was written", ExitCode: sync.ExitRefused,
		Approve: "assignee-sync apply --approve 0123456789ab",
		Record: &sync.Record{
			Run:     sync.Run{ID: "20261126T031500Z-3f9a1c"},
			Changes: []sync.Change{{Login: "ann@example.com", PersonName: "Ann", EmployeeID: "0042"}},
			Exceptions: []sync.Exception{
				{Kind: sync.NotInProcore, Subject: "bob@example.com", Detail: "Bob"},
			},
			Summary: sync.Summary{
				Planned:    sync.PlanCounts{Additions: 3, Removals: 2},
				Exceptions: []sync.KindCount{{Kind: sync.NotInProcore, Count: 2, Undone: 2}, {Kind: sync.TeamUnused, Count: 1}},
			},
		},
	}
}

func TestTheMessageSaysWhatHappenedAndNamesNobody(t *testing.T) {
	text := message().Text()
	for _, part := range []string{
		"refused by first_run", "3 to add, 2 to remove", "not_in_procore 2", "20261126T031500Z-3f9a1c", "apply --approve 0123456789ab",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
	for _, part := range []string{"ann@", "Ann", "0042", "bob", "Bob", "team_unused"} {
		if strings.Contains(text, part) {
			t.Errorf("%q is in:\n%s", part, text)
		}
	}
}

func TestAWebhookGetsTheMessage(t *testing.T) {
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	}))
	defer server.Close()
	url := "generic://" + strings.TrimPrefix(server.URL, "http://") + "/hook?disabletls=yes"
	if err := Send(context.Background(), url, message()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(body, "refused by first_run") {
		t.Errorf("it got %q", body)
	}
}

func TestAServiceThatRefusesOrIsSlowIsAnError(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	for rule, handler := range map[string]http.HandlerFunc{
		"refusing": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
		"slow":     func(http.ResponseWriter, *http.Request) { <-stop },
	} {
		t.Run(rule, func(t *testing.T) {
			server := httptest.NewServer(handler)
			t.Cleanup(server.CloseClientConnections)
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			url := "generic://" + strings.TrimPrefix(server.URL, "http://") + "/hook?disabletls=yes"
			if err := Send(ctx, url, message()); err == nil {
				t.Error("nothing is said of it")
			}
		})
	}
}

func TestNoAddressIsInWhatIsSaidOfAServiceThatCantBeReached(t *testing.T) {
	for _, url := range []string{
		"generic://127.0.0.1:1/short/key?disabletls=yes", "generic+http://127.0.0.1:1/short/key", "bogus://short@key", "slack://short@key",
	} {
		err := Send(context.Background(), url, message())
		if err == nil {
			t.Fatalf("%s: nothing is said of it", url)
		}
		if text := err.Error(); strings.Contains(text, "short") || strings.Contains(text, "127.0.0.1:1/") {
			t.Errorf("%s: its address is in %q", url, text)
		}
	}
}

func TestASchemeThatNamesNoServiceIsNotKnown(t *testing.T) {
	for scheme, want := range map[string]bool{
		"slack": true, "teams": true, "smtp": true, "generic": true, "generic+https": true, "bogus": false, "https": false, "": false,
	} {
		if Known(scheme) != want {
			t.Errorf("%q: %v", scheme, !want)
		}
	}
}

func TestWhichExitCodesAreAProblem(t *testing.T) {
	for code, want := range map[int]bool{0: false, 1: true, 3: true, 4: true, 5: false, 64: false, 78: true} {
		if IsProblem(code) != want {
			t.Errorf("%d: %v", code, !want)
		}
	}
}
