package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
)

// sourceKey is sourceOf in SQL, of the column hr_source of the table that it is given.
const sourceKey = "split_part(%s.hr_source, ':', 1)"

// Prune deletes the runs of a company and host that began, or were closed as interrupted, more than keepDays days before
// now, with all that belongs to them but the chain of manifests. It keeps the last passed run, the last passed one of
// each HR source, and runs that have not ended. Zero keepDays keeps all. Other companies' runs are theirs to delete.
func (p *database) Prune(ctx context.Context, company procore.CompanyID, host string, keepDays int, now time.Time) error {
	if keepDays <= 0 {
		return nil
	}
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			delete from sync_runs old where company_id = $1 and host = $2 and outcome is not null
				and greatest(started_at, case outcome when 'interrupted' then finished_at end) < $3
				and not (passed and old.started_at <= $4 and not exists (
					select from sync_runs later where later.passed and later.company_id = $1 and later.host = $2
						and `+fmt.Sprintf(sourceKey, "later")+` is not distinct from `+fmt.Sprintf(sourceKey, "old")+`
						and later.started_at <= $4
						and (later.started_at, later.run_id) > (old.started_at, old.run_id)))`,
			string(company), host, now.UTC().AddDate(0, 0, -keepDays), now.UTC())
		return err
	})
}
