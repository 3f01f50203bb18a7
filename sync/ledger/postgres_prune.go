package ledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
)

// Prune deletes the runs of a company and host that started more than keepDays days before now, with all that belongs to
// them. It keeps the last passed run, the last passed one of each HR source, and runs that have not ended. Zero keepDays
// keeps all. Other companies' runs are theirs to delete.
func (p *Postgres) Prune(ctx context.Context, company procore.CompanyID, host string, keepDays int, now time.Time) error {
	if keepDays <= 0 {
		return nil
	}
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			delete from sync_runs old where company_id = $1 and host = $2 and started_at < $3 and outcome is not null
				and not (passed and not exists (
					select from sync_runs later where later.passed and later.company_id = $1 and later.host = $2
						and later.hr_source is not distinct from old.hr_source
						and (later.started_at, later.run_id) > (old.started_at, old.run_id)))`,
			company, host, now.UTC().AddDate(0, 0, -keepDays))
		return err
	})
}
