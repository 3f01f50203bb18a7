// Package job runs assignee-sync once: it takes the lock, reads HR and Procore, plans, judges, applies, and leaves a
// record in the ledger. It decides the order of these steps and how a run ends; what each step does is package sync's.
package job
