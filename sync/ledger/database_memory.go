package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
)

// memory gives what is remembered of a company and host, sealed; nothing where there is nothing, or what has this digest.
func (p *database) memory(ctx context.Context, company procore.CompanyID, host, digest string) ([]byte, error) {
	var text []byte
	err := p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select content from sync_memory where company_id = $1 and host = $2 and sha256 <> $3`,
			company, host, digest).Scan(&text)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return text, err
}

// keepMemory stores it. IfSame leaves alone what has another digest than was.
func (p *database) keepMemory(ctx context.Context, company procore.CompanyID, host string, text []byte, digest string,
	at time.Time, ifSame bool, was string,
) error {
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into sync_memory (company_id, host, saved_at, sha256, content) values ($1, $2, $3, $4, $5)
			on conflict (company_id, host) do update set saved_at = excluded.saved_at, sha256 = excluded.sha256, content = excluded.content
			where not $6 or sync_memory.sha256 = $7`, company, host, at, digest, text, ifSame, was)
		return err
	})
}
