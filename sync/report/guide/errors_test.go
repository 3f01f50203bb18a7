package guide

import (
	"fmt"
	"strings"
	"testing"

	"procore-assignee-sync/procore"
)

func TestAProxyThatLetsNothingThroughIsWhatHasToBeMended(t *testing.T) {
	for status, want := range map[int]string{403: "have the proxy let connections to api.procore.com:443 through", 407: ""} {
		refused := &procore.ProxyError{Proxy: "127.0.0.1:3128", Host: "api.procore.com:443", Status: status}
		err := fmt.Errorf("read projects: %w", &procore.NetworkError{Host: "api.procore.com", Dialing: true, Err: refused})
		if got := ToError(err); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%d: %q", status, got)
		}
	}
}
