package main

import (
	"errors"

	"procore-assignee-sync/procore"
)

// advice says what to do about an error that does not say so itself; empty where it does.
func advice(err error) string {
	var network *procore.NetworkError
	switch {
	case procore.WrongCompany(err):
		return "check PROCORE_COMPANY_ID, and in Procore that the service account's app is connected to this company and may configure its workflows"
	case procore.Unreachable(err) && errors.As(err, &network):
		return "check PROCORE_API_URL and PROCORE_LOGIN_URL, and that " + network.Host + " can be reached from here"
	default:
		return ""
	}
}
