package procore

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// wire is a client of a real server on this machine. The server gives a token to everyone, and all else to h.
func wire(t *testing.T, h http.HandlerFunc) *Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/base/oauth/token" {
			answerJSON(w, 200, `{"access_token":"t","token_type":"bearer","expires_in":5400}`)
			return
		}
		h(w, r)
	}))
	t.Cleanup(server.Close)
	c, err := New(Config{
		Company: company, APIURL: server.URL + "/base/", LoginURL: server.URL + "/base/",
		ClientID: fakeID, ClientSecret: fakeSecret, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestOverARealConnectionAReadSurvivesAnswersThatBreakOff(t *testing.T) {
	for name, broken := range map[string]func(http.ResponseWriter){
		"reset before the answer": func(http.ResponseWriter) {},
		"cut off, with a length": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", fmt.Sprint(len(presetBody)))
			_, _ = io.WriteString(w, presetBody[:50])
		},
		"cut off, in chunks": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, presetBody[:50])
			w.(http.Flusher).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int32
			c := wire(t, func(w http.ResponseWriter, _ *http.Request) {
				if n.Add(1) <= 2 {
					broken(w)
					panic(http.ErrAbortHandler)
				}
				answerJSON(w, 200, presetBody)
			})
			if _, err := c.Preset(t.Context(), PresetRef{"24", "812"}); err != nil {
				t.Error(err)
			}
			n.Store(0)
			_, err := c.UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "a"}})
			if !MaybeApplied(err) || !Retryable(err) || n.Load() != 1 {
				t.Errorf("a write was sent %d times, error %v", n.Load(), err)
			}
		})
	}
}

func TestOverARealConnectionNothingIsSentUnderAnotherPathOrWithoutItsHeaders(t *testing.T) {
	c := wire(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.EscapedPath(), "/base/rest/v2.0/companies/"+company+"/") {
			t.Errorf("path %s", r.URL.EscapedPath())
		}
		if r.Header.Get("Procore-Company-Id") != company || r.Header.Get("Authorization") != "Bearer t" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("headers %v", r.Header)
		}
		answerJSON(w, 200, `{"data":[]}`)
	})
	if _, err := c.Tools(t.Context()); err != nil {
		t.Error(err)
	}
}
