package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// tokens are the access tokens that were given and have not run out.
type tokens struct {
	life time.Duration

	mu      sync.Mutex
	issued  int
	expires map[string]time.Time
}

// issue gives a new token.
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

// valid says whether a token was given and still lives.
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

// RevokeTokens makes every token given so far worthless, as an administrator can.
func (s *Server) RevokeTokens() { s.tokens.revoke() }

// createToken grants a token for client credentials, which travel as form fields.
func (s *Server) createToken(c *call) reply {
	media, _, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	if media != "application/x-www-form-urlencoded" {
		return oauthError(http.StatusBadRequest, "invalid_request", "The body must be a form.")
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "The form cannot be read.")
	}
	if grant := form.Get("grant_type"); grant != "client_credentials" {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	}
	if form.Get("client_id") != s.opts.ClientID || form.Get("client_secret") != s.opts.ClientSecret {
		return oauthError(http.StatusUnauthorized, "invalid_client",
			"Client authentication failed: unknown client, or a wrong secret.")
	}
	now := s.opts.Now()
	return jsonReply(http.StatusOK, map[string]any{
		"access_token": s.tokens.issue(now),
		"token_type":   "Bearer",
		"expires_in":   int(s.opts.TokenLife / time.Second),
		"created_at":   now.Unix(),
	})
}
