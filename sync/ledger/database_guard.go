package ledger

import (
	"context"

	"procore-assignee-sync/sync/apply"
)

// Guard gives a journal that refuses every intent once a lock of p is lost, so that nothing more is written to Procore:
// another run may hold the lock by then. All else is j's.
func (p *database) Guard(j apply.Journal) apply.Journal { return guarded{Journal: j, p: p} }

type guarded struct {
	apply.Journal
	p *database
}

// stillHeld reports why nothing more may be written: a lock is lost.
func (p *database) stillHeld() error { return p.Held(context.Background()) }

// Intent checks the locks, and passes the intent on.
func (g guarded) Intent(intent apply.Intent) error {
	if err := g.p.stillHeld(); err != nil {
		return err
	}
	return g.Journal.Intent(intent)
}
