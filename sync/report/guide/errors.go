package guide

import (
	"errors"
	"net/http"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ToError says what to do about an error that does not say so itself; empty if it does.
func ToError(err error) string {
	var network *procore.NetworkError
	var proxy *procore.ProxyError
	switch {
	case procore.WrongCompany(err):
		return "check PROCORE_COMPANY_ID, and in Procore that the service account's app is connected to this company and may configure its workflows"
	case errors.As(err, &proxy) && proxy.Status != http.StatusProxyAuthRequired:
		return "have the proxy let connections to " + proxy.Host + " through, or correct HTTPS_PROXY or NO_PROXY"
	case errors.As(err, &proxy): // it says so itself
		return ""
	case procore.Unreachable(err) && errors.As(err, &network):
		return "check PROCORE_API_URL and PROCORE_LOGIN_URL, and that " + network.Host + " can be reached from here"
	default:
		return ""
	}
}

// ExitMeaning says briefly what an exit code means.
func ExitMeaning(code int) string {
	switch code {
	case sync.ExitDone:
		return "done"
	case sync.ExitChanges:
		return "changes present"
	case sync.ExitRefused:
		return "refused, nothing was written"
	case sync.ExitIncomplete:
		return "incomplete"
	case sync.ExitLocked:
		return "another run holds the lock"
	case sync.ExitUsage:
		return "wrong usage"
	case sync.ExitConfig:
		return "wrong configuration, role map, credentials or company"
	default:
		return "failed before anything was written"
	}
}
