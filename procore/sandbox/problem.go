package sandbox

import (
	"net/http"
	"strings"
)

// problem is one entry of the details of a v2 error.
type problem struct {
	ReasonCode string `json:"reason_code"`
	Message    string `json:"message"`
	Source     string `json:"source,omitempty"`
}

// codes are the codes of v2 error bodies.
var codes = map[int]string{
	http.StatusBadRequest:           "BAD_REQUEST",
	http.StatusUnauthorized:         "UNAUTHORIZED",
	http.StatusForbidden:            "FORBIDDEN",
	http.StatusNotFound:             "NOT_FOUND",
	http.StatusRequestTimeout:       "REQUEST_TIMEOUT",
	http.StatusConflict:             "CONFLICT",
	http.StatusUnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
	http.StatusUnprocessableEntity:  "UNPROCESSABLE_ENTITY",
	http.StatusTooManyRequests:      "TOO_MANY_REQUESTS",
	http.StatusInternalServerError:  "INTERNAL_SERVER_ERROR",
	http.StatusBadGateway:           "BAD_GATEWAY",
	http.StatusServiceUnavailable:   "SERVICE_UNAVAILABLE",
	http.StatusGatewayTimeout:       "GATEWAY_TIMEOUT",
}

// fail is an error answer in the shape of the request's API version.
func (c *call) fail(status int, message string, details ...problem) reply {
	if !strings.HasPrefix(c.Path, "/rest/v2") {
		if status == http.StatusNotFound {
			return jsonReply(status, map[string]any{"message": message})
		}
		return jsonReply(status, map[string]any{"errors": []string{message}})
	}
	code := codes[status]
	if code == "" {
		code = "ERROR"
	}
	if details == nil {
		details = []problem{}
	}
	return jsonReply(status, map[string]any{
		"error": map[string]any{"code": code, "message": message, "details": details},
	})
}

// oauthError is an error of the token endpoint (RFC 6749, section 5.2).
func oauthError(status int, code, description string) reply {
	return jsonReply(status, map[string]any{"error": code, "error_description": description})
}
