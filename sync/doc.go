// Package sync is the heart of assignee-sync. It takes a finished roster from HR and a finished snapshot of Procore,
// works out who should be in which group of which preset, judges the result against limits, and writes it.
//
// Everything up to the write is a pure function of finished values: the same roster and snapshot give the same plan,
// byte for byte, and a partial read can never turn into a removal. Apply alone talks to Procore, one whole preset at a
// time, and never without reading it again first.
package sync
