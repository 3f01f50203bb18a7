// Package job runs assignee-sync once: it takes the lock, reads HR and Procore, plans, judges, applies, and leaves a
// record in the ledger. It decides the order of these steps and how a run ends; the packages planner, snapshot, apply,
// running, ledger and report know how each step is done.
package job
