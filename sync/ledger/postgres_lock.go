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

	"procore-assignee-sync/procore"
)

// lockPatience bounds each step of taking, checking and freeing a lock.
const lockPatience = 15 * time.Second

// LostError says that the lock is gone although nobody freed it: its connection has ended. Another run may hold it by
// now, so nothing more may be written to Procore.
type LostError struct {
	Company procore.CompanyID
	Err     error // why, where known
}

// Error says so.
func (e *LostError) Error() string {
	said := fmt.Sprintf("the lock of company %s in the ledger database was lost during the run, and another run may hold it now", e.Company)
	if e.Err != nil {
		said += ": " + e.Err.Error()
	}
	return said
}

// InShort says so without what the database said.
func (e *LostError) InShort() string { return "the lock in the ledger database was lost" }

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// sessionLock is an advisory lock on a connection of its own, and ends with that connection: a run that is killed leaves
// no lock behind. The server notices a machine that vanished by the keep-alives that sessionSettings ask for.
type sessionLock struct {
	p       *Postgres
	company procore.CompanyID
	key     int64

	mu   gosync.Mutex // of conn, which serves one call at a time
	conn *pgx.Conn    // nil once it is freed
}

// Lock takes the advisory lock of a company on a Procore host, and writes down who holds it. It never waits: where
// another run holds it, the error is a *HeldError. The connection must lead to the server itself or to a pool by session,
// since the lock is the session's. release may be called more than once.
func (p *Postgres) Lock(ctx context.Context, company procore.CompanyID, host string, holder Holder) (release func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	conn, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	l := &sessionLock{p: p, company: company, key: lockKey(company, host), conn: conn}
	if err := l.take(ctx, host, holder); err != nil {
		return nil, errors.Join(p.explain(err), conn.Close(context.WithoutCancel(ctx)))
	}
	p.mu.Lock()
	p.locks[l] = true
	p.mu.Unlock()
	return l.release, nil
}

// Held checks every lock that is held, and gives a *LostError where one is gone.
func (p *Postgres) Held(ctx context.Context) error {
	var lost []error
	for _, l := range p.held() {
		lost = append(lost, l.check(ctx))
	}
	return errors.Join(lost...)
}

func (p *Postgres) held() []*sessionLock {
	p.mu.Lock()
	defer p.mu.Unlock()
	var held []*sessionLock
	for l := range p.locks {
		held = append(held, l)
	}
	return held
}

// lockKey makes one number of a company and a Procore host. Advisory locks are known by number, within a database.
func lockKey(company procore.CompanyID, host string) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "assignee-sync\x00%s\x00%s", host, company))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// sessionSettings keep the server from ending an idle session, and let it notice within a minute that the machine at the
// other end has vanished. Settings that this server does not have are passed over.
const sessionSettings = `
select set_config(wanted.name, wanted.value, false)
from (values ('idle_session_timeout', '0'), ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'),
             ('tcp_keepalives_count', '4')) wanted (name, value)
join pg_catalog.pg_settings there on there.name = wanted.name`

// holding is true of the advisory lock with the key $1 in pg_locks.
const holding = `l.locktype = 'advisory' and l.granted and l.objsubid = 1
	and (l.classid::bigint << 32) | l.objid::bigint = $1
	and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`

func (l *sessionLock) take(ctx context.Context, host string, holder Holder) error {
	if _, err := l.conn.Exec(ctx, sessionSettings); err != nil {
		return err
	}
	var taken bool
	if err := l.conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", l.key).Scan(&taken); err != nil {
		return err
	}
	if !taken {
		return l.refusal(ctx, host)
	}
	_, err := l.conn.Exec(ctx, `
		insert into sync_locks (company_id, host, backend_pid, holder_host, holder_pid, run_id, since)
		values ($1, $2, pg_backend_pid(), $3, $4, $5, $6)
		on conflict (company_id, host) do update set backend_pid = excluded.backend_pid,
			holder_host = excluded.holder_host, holder_pid = excluded.holder_pid, run_id = excluded.run_id, since = excluded.since`,
		l.company, host, storable(holder.Host), holder.PID, storable(holder.RunID), holder.Since)
	return err
}

// refusal says who holds the lock. Who has only just taken it may not have written down its name yet, so it is given a
// moment; after that the refusal names nobody.
func (l *sessionLock) refusal(ctx context.Context, host string) error {
	held := &HeldError{}
	for range 10 {
		err := l.conn.QueryRow(ctx, `
			select s.holder_host, s.holder_pid, s.run_id, s.since from sync_locks s
			join pg_catalog.pg_locks l on l.pid = s.backend_pid and `+holding+`
			where s.company_id = $2 and s.host = $3`, l.key, l.company, host).
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

// check asks the server whether this very session still has the lock. The run's own context is kept out of it, since a
// call that is cancelled costs the connection, and with it the lock.
func (l *sessionLock) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil // freed meanwhile
	}
	var has bool
	err := l.conn.QueryRow(ctx, "select exists (select from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and "+
		holding+")", l.key).Scan(&has)
	switch {
	case err != nil:
		return &LostError{Company: l.company, Err: l.p.explain(err)}
	case !has:
		return &LostError{Company: l.company}
	}
	return nil
}

// release frees the lock and closes its connection. It says so where the lock had been lost.
func (l *sessionLock) release() error {
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil
	}
	l.p.mu.Lock()
	delete(l.p.locks, l)
	l.p.mu.Unlock()
	conn := l.conn
	l.conn = nil
	// Closing would free it too, but the server takes its time with that, and the next run may be refused meanwhile.
	var had bool
	err := conn.QueryRow(ctx, "select pg_advisory_unlock($1)", l.key).Scan(&had)
	_ = conn.Close(ctx)
	if err != nil || !had {
		return &LostError{Company: l.company, Err: l.p.explain(err)}
	}
	return nil
}
