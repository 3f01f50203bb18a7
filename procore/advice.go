package procore

import (
	"errors"
	"net/http"
)

// Advice says in a few words what helps where reading or writing ended in err, by its cause: rights only where access was
// denied. Empty where err says so itself, or nothing is known that does.
func Advice(err error) string {
	var api *APIError
	var auth *AuthError
	var foreign *ForeignURLError
	var network *NetworkError
	var budget *BudgetError
	var list *PageError
	var unclear *AnswerError
	switch {
	case errors.As(err, &auth), errors.As(err, &foreign):
		return ""
	case errors.As(err, &api):
		return api.advice()
	case errors.As(err, &budget):
		return "the next run tries again; a higher rate limit is Procore's to give"
	case errors.As(err, &list):
		return "the next run tries again, when the list may be quiet"
	case errors.As(err, &unclear) && unclear.Final:
		return "Procore answers in a form that this version does not know: look for a newer version, or report it"
	case errors.As(err, &unclear):
		return "the next run tries again; a proxy on the way may have cut or replaced the answer"
	case errors.As(err, &network) && !network.Dialing:
		return "the next run tries again; look at the network and any proxy if it stays so"
	}
	return ""
}

func (e *APIError) advice() string {
	switch {
	case e.Proxy != "":
		return "have the proxy let requests to Procore through"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "give the service account access to the project, and rights on the tool, there"
	case e.Status == http.StatusNotFound:
		return "it was deleted, the tool is off there, or the service account is not permitted in the project"
	case e.Status == http.StatusTooManyRequests:
		return "the next run tries again; a higher rate limit is Procore's to give"
	case e.Status == http.StatusRequestTimeout, e.Status >= 500:
		return "Procore is in trouble or under load: the next run tries again"
	}
	return ""
}
