package procore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestAdviceSpeaksOfRightsOnlyWhereAccessWasDenied(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string // a word of it; empty: none is given
	}{
		{&APIError{Status: 403}, "rights"},
		{&APIError{Status: 401}, "rights"},
		{&APIError{Status: 404}, "not permitted in the project"},
		{&APIError{Status: 403, Proxy: "a proxy"}, "proxy"},
		{&APIError{Status: 429}, "rate limit"},
		{&BudgetError{}, "rate limit"},
		{&APIError{Status: 503}, "under load"},
		{&APIError{Status: 408}, "under load"},
		{&APIError{Status: 400}, ""},
		{&PageError{}, "tries again"},
		{&AnswerError{Final: true}, "newer version"},
		{&AnswerError{}, "proxy"},
		{&NetworkError{}, "network"},
		{&NetworkError{Dialing: true}, ""}, // which says it itself
		{&AuthError{}, ""},
		{&ForeignURLError{}, ""},
		{context.Canceled, ""},
		{errors.New("disk full"), ""},
	} {
		got := Advice(fmt.Errorf("reading: %w", test.err))
		if !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%T %v: %q, want %q in it", test.err, test.err, got, test.want)
		}
		if denied := test.want == "rights"; strings.Contains(got, "rights") != denied {
			t.Errorf("%T %v: %q", test.err, test.err, got)
		}
	}
}
