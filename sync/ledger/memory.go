package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/snapshot"
)

// Memory is where runs keep what they remember about a company on a Procore host: in the ledger's folder and, if there
// is one, in its database, so that a machine without the folder has it too. Nothing depends on it: what is missing,
// damaged, another company's or from the future is simply ignored.
type Memory struct {
	dir      string
	company  procore.CompanyID
	host     string
	database *database // nil if there is none
	kept     string    // digest of what was last read or kept
}

const memoryFile = "memory"

// Memory returns the memory of a company on a Procore host.
func (l *Ledger) Memory(company procore.CompanyID, host string) *Memory {
	return &Memory{dir: l.Cache(company, host), company: company, host: host, database: l.database}
}

// Recall returns what was kept last, by its own timestamp, in the folder or in the database, or nil if there is nothing
// that can be believed at the time now. The error says why the database could not be asked; what the folder has is
// returned all the same.
func (m *Memory) Recall(ctx context.Context, now time.Time) (*snapshot.Memory, error) {
	var newest sealed
	if text, err := os.ReadFile(filepath.Join(m.dir, memoryFile)); err == nil {
		newest = unseal(text, now)
	}
	var trouble error
	if m.database != nil {
		text, err := m.database.memory(ctx, m.company, m.host, newest.digest)
		if err != nil {
			trouble = fmt.Errorf("look for what is remembered in the ledger database: %w", err)
		}
		if s := unseal(text, now); s.savedAt.After(newest.savedAt) {
			newest = s
		}
	}
	if newest.content == nil {
		return nil, trouble
	}
	remembered, err := decodeMemory(newest.content, m.company, m.host)
	if err != nil {
		return nil, trouble
	}
	m.kept = newest.digest
	return remembered, trouble
}

// Keep stores what the next run may remember, whole or not at all, unless it is what is stored already. If the folder
// can't take it, what it had is deleted, because it is no longer true. With ifSame, it does not overwrite what another
// run has stored since Recall.
func (m *Memory) Keep(ctx context.Context, remembered *snapshot.Memory, at time.Time, ifSame bool) error {
	content := encodeMemory(remembered, m.company, m.host)
	digest := digestOf(content)
	if digest == m.kept {
		return nil
	}
	text := seal(content, digest, at)
	err := m.toFolder(text, ifSame)
	if err != nil {
		err = fmt.Errorf("remember presets in %s: %w", m.dir, err)
	}
	if m.database != nil {
		if derr := m.database.keepMemory(ctx, m.company, m.host, text, digest, at, ifSame, m.kept); derr != nil {
			err = errors.Join(err, fmt.Errorf("remember presets in the ledger database: %w", derr))
		}
	}
	if err == nil {
		m.kept = digest
	}
	return err
}

func (m *Memory) toFolder(text []byte, ifSame bool) error {
	if err := os.MkdirAll(m.dir, folderMode); err != nil {
		return err
	}
	release, err := waitForFile(filepath.Join(m.dir, ".lock"))
	if err != nil {
		return err
	}
	defer release()
	path := filepath.Join(m.dir, memoryFile)
	if ifSame && m.otherIn(path) {
		return nil
	}
	err = writeWhole(m.dir, memoryFile, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// waitForFile locks a file for as long as it takes to look at another one and replace it.
func waitForFile(path string) (release func(), err error) {
	const patience, pause = 10 * time.Second, 10 * time.Millisecond
	for range patience / pause {
		held, err := tryLock(path)
		if !errors.Is(err, errHeld) {
			return func() { _ = held.Close() }, err
		}
		<-time.After(pause)
	}
	return nil, fmt.Errorf("%s: %w", path, errHeld)
}

// otherIn reports whether the file holds something other than what was last read or kept.
func (m *Memory) otherIn(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && m.kept != "" && unseal(text, farAway).digest != m.kept
}

// farAway is later than any memory.
var farAway = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// sealed is a memory as it is stored: a line with its kind, the time and the sha256 of its content, which reveals
// damage; then the content.
type sealed struct {
	content []byte
	digest  string
	savedAt time.Time
}

const memoryHead = "assignee-sync memory 1"

func seal(content []byte, digest string, at time.Time) []byte {
	return fmt.Appendf(nil, "%s\t%s\t%s\n%s", memoryHead, at.UTC().Format(time.RFC3339Nano), digest, content)
}

// unseal returns the zero value if the text is damaged or was stored after now.
func unseal(text []byte, now time.Time) sealed {
	head, content, ok := bytes.Cut(text, []byte("\n"))
	fields := bytes.Split(head, []byte("\t"))
	if !ok || len(fields) != 3 || string(fields[0]) != memoryHead || string(fields[2]) != digestOf(content) {
		return sealed{}
	}
	at, err := time.Parse(time.RFC3339Nano, string(fields[1]))
	if err != nil || at.After(now) {
		return sealed{}
	}
	return sealed{content, string(fields[2]), at}
}

// memory returns what is remembered of a company and host, sealed; nothing if there is nothing, or if it has this
// digest.
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

// keepMemory stores a memory. With ifSame, it does not overwrite one whose digest is not was.
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
