package migrations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// BusyError says that another migration of the same set holds the lock.
type BusyError struct {
	Set    Set
	Place  string
	Waited time.Duration
	Holder string // what the server says about the holder's session; empty if nothing
}

// Error says who is migrating and what to do.
func (e *BusyError) Error() string {
	holder := ""
	if e.Holder != "" {
		holder = " (" + e.Holder + ")"
	}
	return fmt.Sprintf("another migration of the %s schema is running in %s%s: gave up after %s; run it again when that "+
		"one has ended", e.Set, e.Place, holder, e.Waited)
}

// lockClass is the first half of our advisory locks' key, which distinguishes them from other programs' locks; the
// second half is the set's. It is "asgn" in ASCII.
const lockClass = 0x6173676e

func (s Set) lockID() int {
	if s == HR {
		return 1
	}
	return 2
}

// lock takes the set's lock until the transaction ends, so that it is also released behind a pooler that gives each
// transaction another session. The transaction's lock_timeout bounds the wait.
func lock(ctx context.Context, tx pgx.Tx, set Set) error {
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1::int, $2::int)", lockClass, set.lockID())
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "55P03" {
		return errBusy
	}
	return err
}

// errBusy is returned by lock if another migration holds the lock for too long.
var errBusy = errors.New("another migration holds the lock")

const findHolder = `
select format('server process %s, user %s, from %s, since %s UTC', a.pid, a.usename,
              coalesce(host(a.client_addr), 'the server''s own machine'),
              to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.granted and l.objsubid = 2
  and l.classid::bigint = $1 and l.objid::bigint = $2
  and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
  and a.usename is not null and a.backend_start is not null`

// holder is only extra information: if this fails, the refusal says what it can.
func holder(ctx context.Context, tx pgx.Tx, set Set) string {
	var who string
	if err := tx.QueryRow(ctx, findHolder, lockClass, set.lockID()).Scan(&who); err != nil {
		return ""
	}
	return who
}
