// Package report shows a plan or what became of it: to a person on a terminal, in Markdown or on a page, to a program
// as JSON, and to a spreadsheet as CSV.
//
// Every function takes a finished sync.Record and a writer, and the same record always gives the same bytes. What HR or
// Procore wrote is never trusted: a name cannot move the terminal's cursor, break out of the page, or run as a formula.
// A report never says more than what happened.
package report
