package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// tokens are the access tokens that were issued and have not expired.
type tokens struct {
	life time.Duration

	mu      sync.Mutex
	issued  int
	expires map[string]time.Time
}

// issue returns a new token.
func (t *tokens) issue(now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.expires == nil {
		t.expires = make(map[string]time.Time)
	}
	for token, end := range t.expires {
		if !now.Before(end) {
			delete(t.expires, token)
		}
	}
	t.issued++
	sum := sha256.Sum256(fmt.Appendf(nil, "sandbox token %d", t.issued))
	token := hex.EncodeToString(sum[:])
	t.expires[token] = now.Add(t.life)
	return token
}

// valid reports whether a token was issued and has not expired.
func (t *tokens) valid(token string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.expires[token]
	return ok && now.Before(end)
}

// revoke ends every token.
func (t *tokens) revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.expires)
}

// RevokeTokens revokes every token issued so far, as an administrator can.
func (s *Server) RevokeTokens() { s.tokens.revoke() }

// createToken issues a token for client credentials, which are in the body: as a form, as multipart, or as JSON.
func (s *Server) createToken(c *call) reply {
	fields, problem := tokenFields(c.header.Get("Content-Type"), c.body)
	if problem != "" {
		return oauthError(http.StatusBadRequest, "invalid_request", problem)
	}
	if grant := fields["grant_type"]; grant != "client_credentials" {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	}
	if fields["client_id"] != s.opts.ClientID || fields["client_secret"] != s.opts.ClientSecret {
		return oauthError(http.StatusUnauthorized, "invalid_client",
			"Client authentication failed: unknown client, or a wrong secret.")
	}
	now := s.opts.Now()
	return jsonReply(http.StatusOK, map[string]any{
		"access_token": s.tokens.issue(now),
		"token_type":   "bearer",
		"expires_in":   int(s.opts.TokenLife / time.Second),
		"created_at":   now.Unix(),
	})
}

// tokenFields parses the body of a request for a token. If a field occurs twice, the first one counts.
func tokenFields(contentType string, body []byte) (fields map[string]string, problem string) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, "The body must be a form, multipart or JSON."
	}
	switch media {
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "The form cannot be read."
		}
		return firstOf(values), ""
	case "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(maxBody)
		if err != nil {
			return nil, "The parts of the form cannot be read."
		}
		return firstOf(form.Value), ""
	case "application/json":
		if json.Unmarshal(body, &fields) != nil {
			return nil, "The JSON cannot be read as an object of texts."
		}
		return fields, ""
	}
	return nil, "The body must be a form, multipart or JSON."
}

func firstOf(values map[string][]string) map[string]string {
	first := make(map[string]string, len(values))
	for name, all := range values {
		if len(all) > 0 {
			first[name] = all[0]
		}
	}
	return first
}
