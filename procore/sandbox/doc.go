// Package sandbox is a simulated Procore: an http.Handler that keeps a company's directory, workflow templates and
// presets in memory, answers the endpoints that the job uses, and is at least as strict as Procore about tokens,
// headers, filters, pages and bodies. It speaks for both hosts: /oauth/token of the login host and /rest/… of the API
// host, under any base path.
//
// It remembers every write with the memberships before and after, tells them from edits made by hand, keeps rate
// limits, and can fail in all the ways in which a network and a busy platform fail (Fault). The same server answers
// over a real socket (ServeHTTP) and in process (Transport), in a testing/synctest bubble too.
//
// Sample companies with the HR data that belongs to them come from NewSample and DemoSample; the same options give the
// same bytes.
package sandbox
