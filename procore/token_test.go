package procore

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const versionOne = `{"data":{"id":"1"}}`

// accepts answers only requests with one of these tokens, and 401 to all others.
func accepts(tokens ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, token := range tokens {
			if r.Header.Get("Authorization") == "Bearer "+token {
				answerJSON(w, 200, versionOne)
				return
			}
		}
		answerJSON(w, 401, `{"errors":["token expired"]}`)
	}
}

func TestTheTokenIsAskedForOnceWithFormFields(t *testing.T) {
	f := newFake(t)
	f.on(endpointVersion, accepts("token-1"))
	c := f.client()
	for range 3 {
		if _, err := c.Version(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
	}
	asked := f.seen(endpointToken)
	if len(asked) != 1 {
		t.Fatalf("asked for %d tokens", len(asked))
	}
	if err := asked[0].ParseForm(); err != nil {
		t.Fatal(err)
	}
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {fakeID}, "client_secret": {fakeSecret}}
	if got := asked[0].PostForm; got.Encode() != want.Encode() || asked[0].Header.Get("Authorization") != "" {
		t.Errorf("form %v", got)
	}
}

func TestManyWhoAre401AtOnceShareOneNewToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointVersion, takes(time.Second, accepts("token-1")))
		c := f.client()
		read := func() error { _, err := c.Version(t.Context(), "1"); return err }
		if err := read(); err != nil {
			t.Fatal(err)
		}
		f.on(endpointVersion, takes(time.Second, accepts("token-2")))
		errs := make([]error, 40)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = read() })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		if n := len(f.seen(endpointToken)); n != 2 {
			t.Errorf("asked for %d tokens, want 2", n)
		}
	})
}

func TestATokenIsReplacedBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointVersion, accepts("token-1"))
		c := f.client()
		if _, err := c.Version(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
		f.on(endpointVersion, accepts("token-2"))
		time.Sleep(5399 * time.Second)
		if _, err := c.Version(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
		if n := len(f.seen(endpointVersion)); n != 2 {
			t.Errorf("%d requests, want 2: the old token was still used", n)
		}
	})
}

func TestA401WithAFreshTokenIsARefusalOfTheServiceAccount(t *testing.T) {
	f := newFake(t)
	f.on(endpointVersion, status(401, `{"errors":["Unauthorized"]}`))
	_, err := f.client().Version(t.Context(), "1")
	var auth *AuthError
	if !errors.As(err, &auth) || !auth.FreshToken || auth.Host != "api.procore.test" || Retryable(err) {
		t.Fatalf("error %v", err)
	}
	if n := len(f.seen(endpointVersion)); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestATokenThatEndsWhileItsRequestWaitedIsReplacedOnceMore(t *testing.T) {
	f := newFake(t)
	f.inTurn(endpointVersion, accepts("token-1"), accepts(), accepts("token-2"), accepts(), accepts("token-3"))
	c := f.client()
	for range 3 {
		if _, err := c.Version(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWriteThatWas401IsSentOnceMoreWithANewToken(t *testing.T) {
	f := newFake(t)
	f.inTurn(endpointProjectAssignees, status(401, `{}`), status(200, `{"data":{}}`))
	groups := []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}}
	if _, err := f.client().UpdateAssignees(t.Context(), PresetRef{"24", "812"}, groups); err != nil {
		t.Fatal(err)
	}
	sent := f.seen(endpointProjectAssignees)
	if len(sent) != 2 || sent[1].Header.Get("Authorization") != "Bearer token-2" {
		t.Errorf("%d requests", len(sent))
	}
}

func TestWrongCredentialsAreToldAtOnceAndWithoutTheSecret(t *testing.T) {
	for name, refusal := range map[string]http.HandlerFunc{
		"401": status(401, `{"error":"invalid_client","error_description":"Client authentication failed for `+fakeSecret+`."}`),
		"400": status(400, `{"error":"invalid_client"}`),
		"200": status(200, `{"error":"invalid_client"}`),
		"403": status(403, `{"error":"access_denied","error_description":"`+fakeSecret+`"}`),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointToken, refusal)
			var log bytes.Buffer
			c := f.client(func(cfg *Config) { cfg.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
			_, err := collect(c.Projects(t.Context()))
			var auth *AuthError
			if !errors.As(err, &auth) || auth.FreshToken || auth.Host != "login.procore.test" {
				t.Fatalf("error %v", err)
			}
			if strings.Contains(err.Error()+log.String(), fakeSecret) {
				t.Errorf("the secret is told: %v %s", err, log.String())
			}
			if n := len(f.seen(endpointToken)); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

func TestATokenIsAskedForAgainWhereTheLoginHostIsInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		ok := f.handlers[endpointToken]
		f.inTurn(endpointToken, status(503, ""), gone(errors.New("reset")), status(429, `{}`), header(200, "<html>", "Content-Type", "text/html"), ok)
		f.on(endpointVersion, accepts("token-1"))
		c := f.client()
		if _, err := c.Version(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
		if n := len(f.seen(endpointToken)); n != 5 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestALoginHostThatStaysAwayFailsManyAtOnceAndNoWriteWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointToken, status(502, "bad gateway"))
		f.always(endpointVersion, versionOne)
		c := f.client()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, err := c.UpdateAssignees(t.Context(), PresetRef{"24", PresetID(fmt.Sprint(i + 1))}, []GroupWrite{{UUID: "a"}})
				var api *APIError
				if !errors.As(err, &api) || api.Status != 502 || api.Endpoint != endpointToken || MaybeApplied(err) || !Retryable(err) {
					t.Errorf("error %v", err)
				}
			})
		}
		all.Wait()
		if n := len(f.seen(endpointToken)); n > 2*defaultMaxAttempts {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestWhatAServerRepeatsOfTokenAndSecretIsNotTold(t *testing.T) {
	f := newFake(t)
	f.on(endpointVersion, func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, 422, `{"errors":{"header":["`+r.Header.Get("Authorization")+`","`+fakeSecret+`"]}}`)
	})
	_, err := f.client().Version(t.Context(), "1")
	if err == nil || strings.Contains(err.Error(), "token-1") || strings.Contains(err.Error(), fakeSecret) {
		t.Errorf("error %v", err)
	}
}

// One endpoint that refuses every token, while others take them, is no refusal of the service account. It gets a new
// token once.
func TestA401OfOneEndpointAloneIsNoRefusalOfTheServiceAccount(t *testing.T) {
	f := newFake(t)
	c := f.client()
	f.always(endpointTools, `{"data":[]}`)
	f.on(endpointVersion, func(w http.ResponseWriter, _ *http.Request) {
		if len(f.seen(endpointVersion)) == 2 { // meanwhile another request is accepted with the new token
			if _, err := c.Tools(t.Context()); err != nil {
				t.Error(err)
			}
		}
		answerJSON(w, 401, `{"errors":["Unauthorized"]}`)
	})
	_, err := c.Version(t.Context(), "1")
	var auth *AuthError
	var api *APIError
	if errors.As(err, &auth) || !errors.As(err, &api) || api.Status != 401 || Retryable(err) {
		t.Errorf("error %v", err)
	}
	if requests, tokens := len(f.seen(endpointVersion)), len(f.seen(endpointToken)); requests != 2 || tokens != 2 {
		t.Errorf("%d requests and %d tokens, want 2 of each", requests, tokens)
	}
}

func TestAReadDoesNotMultiplyTheAttemptsOfTheLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointToken, status(503, ""))
		if _, err := f.client().Version(t.Context(), "1"); err == nil || len(f.seen(endpointToken)) != defaultMaxAttempts {
			t.Errorf("asked %d times, error %v", len(f.seen(endpointToken)), err)
		}
	})
}
