package procore

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
)

const (
	oddID     = "id+of/the account"
	oddSecret = `pa/ss&wo"rd\ +€% 27f1`
	oddToken  = "tok/en+of=this.run-93ab17"
)

// writings are the ways in which a text may be written.
func writings(text string) map[string]string {
	quoted, _ := json.Marshal(text)
	return map[string]string{
		"raw": text, "query": url.QueryEscape(text), "path": url.PathEscape(text), "JSON": string(quoted[1 : len(quoted)-1]),
		"HTML": html.EscapeString(text), "Go": strings.Trim(fmt.Sprintf("%q", text), `"`),
		"base64": base64.StdEncoding.EncodeToString([]byte(text)), "base64 for URLs": base64.RawURLEncoding.EncodeToString([]byte(text)),
		"basic": base64.StdEncoding.EncodeToString([]byte(oddID + ":" + text)),
		"lower": strings.ToLower(url.QueryEscape(text)), "JSON twice": strings.Trim(asText(string(quoted[1:len(quoted)-1])), `"`),
	}
}

// places are where a server may repeat what it was told.
var places = map[string]func(w http.ResponseWriter, r *http.Request, told string){
	"v1 message": func(w http.ResponseWriter, _ *http.Request, told string) {
		body, _ := json.Marshal(map[string]string{"message": "you sent " + told + " to us"})
		answerJSON(w, 400, string(body))
	},
	"v2 details": func(w http.ResponseWriter, _ *http.Request, told string) {
		body, _ := json.Marshal(map[string]any{"error": map[string]any{"code": told, "details": []any{map[string]string{"message": told, "source": told}}}})
		answerJSON(w, 403, string(body))
	},
	"errors by field": func(w http.ResponseWriter, _ *http.Request, told string) {
		body, _ := json.Marshal(map[string]any{"errors": map[string]any{told: []string{told}}})
		answerJSON(w, 422, string(body))
	},
	"at the edge of what is shown": func(w http.ResponseWriter, _ *http.Request, told string) {
		body, _ := json.Marshal(map[string]string{"message": strings.Repeat("x", maxMessageRunes-10) + told})
		answerJSON(w, 400, string(body))
	},
	"a page": func(w http.ResponseWriter, _ *http.Request, told string) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(403)
		_, _ = io.WriteString(w, "<html>"+told+"</html>")
	},
	"a page with 200": func(w http.ResponseWriter, _ *http.Request, told string) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html><body>"+strings.Repeat("x", 50)+told)
	},
	"half of JSON": func(w http.ResponseWriter, _ *http.Request, told string) { answerJSON(w, 200, `{"data":{"id":"`+told) },
	"an id":        func(w http.ResponseWriter, _ *http.Request, told string) { answerJSON(w, 200, asID(told)) },
	"no id": func(w http.ResponseWriter, _ *http.Request, told string) {
		answerJSON(w, 200, `{"data":{"id":[`+asText(told)+`]}}`)
	},
	"the type":      func(w http.ResponseWriter, _ *http.Request, told string) { typed(w, "text/plain; told="+told) },
	"request id":    func(w http.ResponseWriter, _ *http.Request, told string) { named(w, "X-Request-Id", told, 404) },
	"server's name": func(w http.ResponseWriter, _ *http.Request, told string) { named(w, "Server", told, 407) },
	"redirect": func(w http.ResponseWriter, _ *http.Request, told string) {
		named(w, "Location", "https://elsewhere.test/"+told+"/x?told="+told, 302)
	},
	"redirect home": func(w http.ResponseWriter, r *http.Request, told string) {
		named(w, "Location", "/eu/tenant/rest/v2.0/"+told+"?x="+told, 307)
	},
	"redirect that cannot be read": func(w http.ResponseWriter, _ *http.Request, told string) {
		named(w, "Location", "https://else where.test:x/"+told, 302)
	},
	"a lost answer": func(_ http.ResponseWriter, _ *http.Request, told string) {
		panic(lost{&net.OpError{Op: "read", Err: fmt.Errorf("malformed HTTP response %q", told)}})
	},
}

func asText(s string) string { b, _ := json.Marshal(s); return string(b) }
func asID(s string) string {
	return `{"data":{"id":` + asText(s) + `,"responsible_group_memberships":[]}}`
}

func typed(w http.ResponseWriter, contentType string) {
	w.Header().Set("Content-Type", contentType)
	_, _ = io.WriteString(w, "words")
}

func named(w http.ResponseWriter, header, value string, status int) {
	w.Header()[header] = []string{value}
	w.WriteHeader(status)
}

// tells reports whether a text shows a secret in any writing, or the beginning of one where it was cut.
func tells(text, secret string) (string, bool) {
	for name, form := range writings(secret) {
		if strings.Contains(text, form) || len(form) > 12 && strings.HasSuffix(strings.TrimSuffix(text, "…"), form[:12]) {
			return name, true
		}
	}
	return "", false
}

func oddClient(f *fake, log io.Writer) *Client {
	f.always(endpointToken, `{"access_token":"`+oddToken+`","token_type":"bearer","expires_in":5400}`)
	return f.client(func(cfg *Config) {
		cfg.ClientID, cfg.ClientSecret, cfg.MaxAttempts = oddID, oddSecret, 2
		cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
}

func TestNoSecretIsToldWhereverAndHoweverAServerRepeatsIt(t *testing.T) {
	for place, answer := range places {
		t.Run(place, func(t *testing.T) {
			for _, secret := range []string{oddSecret, oddToken} {
				for name, told := range writings(secret) {
					repeats := func(w http.ResponseWriter, r *http.Request) { answer(w, r, told) }
					for what, send := range map[string]func(*testing.T, *fake, *Client) error{
						"a read": func(t *testing.T, f *fake, c *Client) error {
							f.on(endpointProjectPreset, repeats)
							_, err := c.Preset(t.Context(), PresetRef{"24", "812"})
							return err
						},
						"a write": func(t *testing.T, f *fake, c *Client) error {
							f.on(endpointProjectAssignees, repeats)
							_, err := c.UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
							return err
						},
						"a token": func(t *testing.T, f *fake, c *Client) error {
							if secret == oddToken {
								c.secrets.learn(oddToken)
							}
							f.on(endpointToken, repeats)
							_, err := c.Tools(t.Context())
							return err
						},
					} {
						synctest.Test(t, func(t *testing.T) {
							f, log := quietFake(t), new(bytes.Buffer)
							err := send(t, f, oddClient(f, log))
							if err == nil {
								return // of a write's answer not all is read
							}
							for where, text := range map[string]string{"the error": err.Error(), "the log": log.String()} {
								if form, shown := tells(text, secret); shown {
									t.Errorf("%s, %s, as %s: %s shows it as %s: %s", place, what, name, where, form, text)
								}
							}
						})
					}
				}
			}
		})
	}
}

// quietFake is a fake that lets requests outside of the document fail without failing the test: redirects lead there.
func quietFake(t *testing.T) *fake {
	f := newFake(t)
	f.lenient = true
	return f
}

func TestWhatIsHiddenIsStillKnownForWhatItWas(t *testing.T) {
	s := newSecrets("the-secret-text")
	inner := &net.OpError{Op: "read", Err: errors.New("read the-secret-text")}
	err := s.hideIn(fmt.Errorf("reading: %w", inner))
	var op *net.OpError
	if !errors.Is(err, inner) || !errors.As(err, &op) || strings.Contains(err.Error(), "the-secret-text") {
		t.Errorf("got %v", err)
	}
	if plain := errors.New("nothing in it"); s.hideIn(plain) != plain {
		t.Error("an error without a secret is another one now")
	}
}

func TestAConfigurationThatIsPrintedShowsNoSecret(t *testing.T) {
	cfg := Config{Company: company, ClientID: fakeID, ClientSecret: fakeSecret}
	for _, text := range []string{fmt.Sprint(cfg), fmt.Sprintf("%+v %#v %s", cfg, cfg, cfg), fmt.Sprintf("%+v", &cfg)} {
		if strings.Contains(text, fakeSecret) || !strings.Contains(text, company) {
			t.Errorf("printed as %s", text)
		}
	}
}
