package ledger

import (
	"context"
	"fmt"
	gosync "sync"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgdial"
)

// How long one call to the database may take. A run that waits for ever would end without its reports.
const (
	readPatience  = time.Minute
	writePatience = 5 * time.Minute
)

// Postgres is a ledger in a database: the same runs as in the folder, for all machines, and a lock that holds across
// them. Each call opens a connection of its own, so that none grows stale during a long run; only a lock keeps one. It
// is safe for concurrent use.
type Postgres struct {
	config *pgx.ConnConfig

	mu    gosync.Mutex
	locks map[*sessionLock]bool // that are held
}

// OpenPostgres takes the ledger in the database at url (LEDGER_DATABASE_URL). Its schema must be the one that this
// program knows: otherwise the error says to run `assignee-sync migrate ledger`.
func OpenPostgres(ctx context.Context, url string) (*Postgres, error) {
	config, err := pgdial.Parse(url, pgdial.Options{Setting: migrations.Ledger.Setting()})
	if err != nil {
		return nil, err
	}
	p := &Postgres{config: config, locks: map[*sessionLock]bool{}}
	err = p.connected(ctx, readPatience, func(ctx context.Context, conn *pgx.Conn) error {
		state, err := migrations.StatusOn(ctx, conn, migrations.Ledger)
		if err != nil {
			return err
		}
		if len(state.Pending) > 0 {
			return &NotMigratedError{State: state}
		}
		if encoding := conn.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
			return fmt.Errorf("the ledger database %s has the encoding %s, which can't hold every name: create it with "+
				"encoding UTF8", state.Place, encoding)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// NotMigratedError says that the ledger's tables are missing, or older than this program.
type NotMigratedError struct{ State migrations.State }

// Error says so, and what to do.
func (e *NotMigratedError) Error() string {
	if e.State.Current == 0 {
		return fmt.Sprintf("the ledger database %s has no tables yet: run `assignee-sync migrate ledger`", e.State.Place)
	}
	return fmt.Sprintf("the ledger database %s is at version %d of %d: run `assignee-sync migrate ledger`",
		e.State.Place, e.State.Current, e.State.Latest)
}

// Close frees the locks that are still held.
func (p *Postgres) Close() error {
	var first error
	for _, l := range p.held() {
		if err := l.release(); first == nil {
			first = err
		}
	}
	return first
}

// Place says where the ledger is, for people: host:port/database.
func (p *Postgres) Place() string { return pgdial.Place(p.config) }

// connected calls do with a connection of its own. Errors of the database are explained.
func (p *Postgres) connected(ctx context.Context, patience time.Duration,
	do func(context.Context, *pgx.Conn) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := p.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return p.explain(do(ctx, conn))
}

func (p *Postgres) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, p.config)
	return conn, p.explain(err)
}

// explain puts an error of pgx into plain words; other errors stay as they are.
func (p *Postgres) explain(err error) error {
	return pgdial.ExplainDatabase(err, migrations.Ledger.Setting(), p.config)
}
