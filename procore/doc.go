// Package procore is a typed client for the part of Procore's REST API that a workflow's assignees are read and written
// through. It knows nothing of HR.
//
// It promises that a list is either complete or ends in an error, that the token goes to no host but the one in the
// configuration, that a write is never repeated blindly, and that no more is sent than the rate limits allow.
package procore
