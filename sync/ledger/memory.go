package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	gosync "sync"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/snapshot"
)

// Memory is what one run remembers for the next, to make fewer calls: where presets live, and template versions, which
// never change. Nothing of it is needed and nothing is trusted blindly: a file that is missing or damaged is as good as
// none. It is safe for concurrent use.
type Memory struct {
	dir string

	mu       gosync.Mutex
	versions map[procore.VersionID]procore.TemplateVersion // nil until first asked for
	added    bool
}

// The files of a memory.
const (
	hintsFile    = "presets.json"
	versionsFile = "versions.json"
)

// Memory gives what is remembered of a company on a Procore host.
func (l *folder) Memory(company procore.CompanyID, host string) *Memory {
	return &Memory{dir: l.Cache(company, host)}
}

// Hints says where presets lived at the last look; nil where that is not known.
func (m *Memory) Hints() *snapshot.Hints {
	var h snapshot.Hints
	if !m.read(hintsFile, &h) {
		return nil
	}
	return &h
}

// KeepHints stores the hints for the next run.
func (m *Memory) KeepHints(h *snapshot.Hints) error { return m.write(hintsFile, h) }

// Version gives a version that an earlier run has read.
func (m *Memory) Version(id procore.VersionID) (procore.TemplateVersion, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	v, ok := m.versions[id]
	return v, ok
}

// Keep remembers a version; KeepVersions stores it.
func (m *Memory) Keep(v procore.TemplateVersion) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	m.versions[v.ID] = v
	m.added = true
}

// KeepVersions stores the versions for the next run, if there are new ones.
func (m *Memory) KeepVersions() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.added {
		return nil
	}
	all := make([]procore.TemplateVersion, 0, len(m.versions))
	for _, v := range m.versions {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b procore.TemplateVersion) int { return procore.CompareIDs(a.ID, b.ID) })
	m.added = false
	return m.write(versionsFile, all)
}

func (m *Memory) load() {
	if m.versions != nil {
		return
	}
	m.versions = map[procore.VersionID]procore.TemplateVersion{}
	var all []procore.TemplateVersion
	if m.read(versionsFile, &all) {
		for _, v := range all {
			m.versions[v.ID] = v
		}
	}
}

// sealed is a file of the memory: its content, and the sha256 by which damage shows.
type sealed struct {
	SHA256  string          `json:"sha256"`
	Content json.RawMessage `json:"content"`
}

func (m *Memory) read(name string, into any) bool {
	data, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil {
		return false
	}
	var f sealed
	if json.Unmarshal(data, &f) != nil || f.SHA256 != checksum(f.Content) {
		return false
	}
	return json.Unmarshal(f.Content, into) == nil
}

func (m *Memory) write(name string, content any) error {
	raw, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("remember %s: %w", name, err)
	}
	data, err := json.Marshal(sealed{checksum(raw), raw})
	if err != nil {
		return fmt.Errorf("remember %s: %w", name, err)
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return fmt.Errorf("remember %s: %w", name, err)
	}
	return writeWhole(m.dir, name, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
