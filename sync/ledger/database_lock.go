package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	gosync "sync"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/apply"
)

// lockPatience bounds each step of taking, checking and releasing a lock.
const lockPatience = 15 * time.Second

// LostError says that the lock is gone although nobody released it, because its connection has ended. Another run may
// hold it by now, so nothing more may be written to Procore.
type LostError struct {
	Company procore.CompanyID
	Err     error // the cause, if known
}

// Error says that the lock is lost, and why.
func (e *LostError) Error() string {
	said := fmt.Sprintf("the lock of company %s in the ledger database was lost during the run, and another run may hold it now", e.Company)
	if e.Err != nil {
		said += ": " + e.Err.Error()
	}
	return said
}

// InShort says that the lock is lost, without the database's own words.
func (e *LostError) InShort() string { return "the lock in the ledger database was lost" }

// Unwrap returns the cause.
func (e *LostError) Unwrap() error { return e.Err }

// lockTx is an advisory lock of a transaction that stays open on a connection of its own and ends with it, so that a
// killed run leaves no lock behind, neither at the server nor in a pooler. It writes nothing until it is released, so
// that it does not hold back anybody's vacuum.
type lockTx struct {
	p       *database
	company procore.CompanyID
	host    string
	key     int64
	pid     int // of the server's process

	mu   gosync.Mutex // guards the fields below: the connection serves one call at a time
	conn *pgx.Conn
	tx   pgx.Tx // nil once the lock is released
}

// lock takes the advisory lock of a company on a Procore host, and records who holds it. It never waits: if another run
// holds it, the error is a *HeldError. release may be called more than once.
func (p *database) lock(ctx context.Context, company procore.CompanyID, host string, holder Holder) (release func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	l := &lockTx{p: p, company: company, host: host, key: lockKey(company, host)}
	if l.conn, err = p.db.Connect(ctx); err != nil {
		return nil, err
	}
	err = l.take(ctx)
	if err == nil {
		err = l.sign(ctx, holder)
	}
	if err != nil {
		return nil, errors.Join(p.db.Explain(err), l.conn.Close(context.WithoutCancel(ctx)))
	}
	p.mu.Lock()
	p.locks[l] = true
	p.mu.Unlock()
	return l.release, nil
}

// checkLocks checks every lock that is held, and returns a *LostError if one is gone.
func (p *database) checkLocks(ctx context.Context) error {
	var lost []error
	for _, l := range p.heldLocks() {
		lost = append(lost, l.check(ctx))
	}
	return errors.Join(lost...)
}

func (p *database) heldLocks() []*lockTx {
	p.mu.Lock()
	defer p.mu.Unlock()
	var held []*lockTx
	for l := range p.locks {
		held = append(held, l)
	}
	return held
}

// lockKey turns a company and a Procore host into one number, since advisory locks are identified by a number within a
// database.
func lockKey(company procore.CompanyID, host string) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "assignee-sync\x00%s\x00%s", host, company))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// lockSettings keep the server from ending the lock's transaction for being idle or long, and make it notice within a
// minute that the client's machine has vanished. Settings that the server does not have are skipped.
const lockSettings = `
select set_config(wanted.name, wanted.value, true)
from (values ('idle_in_transaction_session_timeout', '0'), ('transaction_timeout', '0'), ('idle_session_timeout', '0'),
             ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '4')) wanted (name, value)
join pg_catalog.pg_settings there on there.name = wanted.name`

// holding is true of the advisory lock with the key $1 in pg_locks.
const holding = `l.locktype = 'advisory' and l.granted and l.objsubid = 1
	and (l.classid::bigint << 32) | l.objid::bigint = $1
	and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`

func (l *lockTx) take(ctx context.Context) (err error) {
	if l.tx, err = l.p.db.Begin(ctx, l.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}); err != nil {
		return err
	}
	if _, err := l.tx.Exec(ctx, lockSettings); err != nil {
		return err
	}
	var taken bool
	err = l.tx.QueryRow(ctx, "select pg_try_advisory_xact_lock($1), pg_backend_pid()", l.key).Scan(&taken, &l.pid)
	if err == nil && !taken {
		err = l.refusal(ctx)
	}
	return err
}

// sign records who holds the lock, for those who are refused: in another transaction, so that they can see it.
func (l *lockTx) sign(ctx context.Context, holder Holder) error {
	err := l.p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into sync_locks (company_id, host, backend_pid, holder_host, holder_pid, run_id, since)
			values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (company_id, host) do update set backend_pid = excluded.backend_pid,
				holder_host = excluded.holder_host, holder_pid = excluded.holder_pid, run_id = excluded.run_id, since = excluded.since`,
			string(l.company), l.host, l.pid, storable(holder.Host), holder.PID, storable(holder.RunID), holder.Since)
		return err
	})
	if kind := pgdial.KindOf(err); kind == pgdial.Timeout || kind == pgdial.Busy {
		return fmt.Errorf("the lock was given, but no second connection beside it: a pooler must give at least two for each "+
			"run (default_pool_size): %w", err)
	}
	return err
}

// refusal says who holds the lock. A holder who has only just taken it may not have recorded its name yet and is given
// a moment to do so; after that the refusal names nobody.
func (l *lockTx) refusal(ctx context.Context) error {
	held := &HeldError{}
	for range 10 {
		err := l.tx.QueryRow(ctx, `
			select s.holder_host, s.holder_pid, s.run_id, s.since from sync_locks s
			join pg_catalog.pg_locks l on l.pid = s.backend_pid and `+holding+`
			where s.company_id = $2 and s.host = $3`, l.key, string(l.company), l.host).
			Scan(&held.Host, &held.PID, &held.RunID, &held.Since)
		if err == nil {
			held.Company = l.company
			return held
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		select {
		case <-ctx.Done():
			return &HeldError{}
		case <-time.After(50 * time.Millisecond):
		}
	}
	return &HeldError{}
}

// holds asks the server whether this transaction still has the lock.
func (l *lockTx) holds(ctx context.Context) (has bool, err error) {
	err = l.tx.QueryRow(ctx, "select exists (select from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and "+
		holding+")", l.key).Scan(&has)
	return has, err
}

// check returns a *LostError if the lock is gone. It does not use the run's context, because cancelling a call closes
// the connection, which would release the lock.
func (l *lockTx) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tx == nil {
		return nil // released in the meantime
	}
	return l.lost(l.holds(ctx))
}

func (l *lockTx) lost(has bool, err error) error {
	switch {
	case err != nil:
		return &LostError{Company: l.company, Err: l.p.db.ExplainAll(err)}
	case !has:
		return &LostError{Company: l.company}
	}
	return nil
}

// release releases the lock and closes its connection. It returns an error if the lock had been lost.
func (l *lockTx) release() error {
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tx == nil {
		return nil
	}
	l.p.mu.Lock()
	delete(l.p.locks, l)
	l.p.mu.Unlock()
	tx := l.tx
	l.tx = nil
	defer l.conn.Close(ctx)
	// Behind a pooler the server's process may go on to serve another run, so it must no longer stand for this one.
	done, err := tx.Exec(ctx, `update sync_locks set backend_pid = 0
		where company_id = $1 and host = $2 and backend_pid = pg_backend_pid()`, string(l.company), l.host)
	if err == nil {
		err = tx.Commit(ctx)
	}
	return l.lost(done.RowsAffected() == 1, err)
}

// guard returns a journal that refuses every intent once a lock of p is lost, so that nothing more is written to
// Procore: another run may hold the lock by then. Otherwise it behaves like j.
func (p *database) guard(j apply.Journal) apply.Journal { return guarded{Journal: j, p: p} }

type guarded struct {
	apply.Journal
	p *database
}

// stillHeld reports why nothing more may be written: a lock is lost.
func (p *database) stillHeld() error { return p.checkLocks(context.Background()) }

// Intent checks the locks, and passes the intent on.
func (g guarded) Intent(intent apply.Intent) error {
	if err := g.p.stillHeld(); err != nil {
		return err
	}
	return g.Journal.Intent(intent)
}
