package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// manifestSchema is the version of manifest.json's layout.
const manifestSchema = 1

// manifest is manifest.json: what a run's files were when it ended and, if the run held the lock, which run of its
// company came before. So an altered file, a deleted run or a changed order shows. It is one line of JSON with only one
// way to write it; its sha256 is the run's evidence.
type manifest struct {
	Schema  int               `json:"schema"`
	RunID   string            `json:"run_id"`
	Company procore.CompanyID `json:"company_id"`
	Files   map[string]string `json:"files"` // sha256, in hex, of each file

	// Only if the run held the lock: its place in the chain of the ledger folder and company.
	ChainID  string    `json:"chain_id,omitempty"` // chosen at random by the first run
	Number   int       `json:"number,omitempty"`   // from 1
	Previous *previous `json:"previous,omitempty"` // nil for the first run
	Deleted  []string  `json:"deleted,omitempty"`  // runs that this run was to delete under LEDGER_KEEP_DAYS
}

// previous is the previous link.
type previous struct {
	RunID  string `json:"run_id"`
	SHA256 string `json:"sha256"` // of its manifest.json
}

func (m *manifest) isLink() bool { return m.ChainID != "" }

// encode returns the manifest's text, including the newline at its end.
func (m *manifest) encode() ([]byte, error) {
	text, err := json.Marshal(m)
	return append(text, '\n'), err
}

// decodeManifest reads a manifest's text. It returns an error for anything that encode would not have written.
func decodeManifest(text []byte) (*manifest, error) {
	var m manifest
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return nil, err
	}
	if m.Schema != manifestSchema {
		return nil, fmt.Errorf("it has schema %d, this version of assignee-sync reads %d", m.Schema, manifestSchema)
	}
	again, err := m.encode()
	if err == nil && !bytes.Equal(again, text) {
		err = errors.New("it is not as it was written")
	}
	return &m, err
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// hashFiles returns the sha256 of each file of a run except its manifest. It skips hidden files, which a killed process
// left half written.
func hashFiles(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, e := range entries {
		if e.IsDir() || e.Name() == manifestFile || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if files[e.Name()], err = hashFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func hashFile(path string) (digest string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// attest writes a run's manifest and returns its text. If the run held the lock, the manifest becomes the last link of
// its company's chain and names the runs that are about to be deleted.
func (l *folder) attest(run sync.Run, deleted []string) (text []byte, err error) {
	m := &manifest{Schema: manifestSchema, RunID: run.ID, Company: run.Company}
	if m.Files, err = hashFiles(l.path(run.ID)); err != nil {
		return nil, fmt.Errorf("hash the files of run %s: %w", run.ID, err)
	}
	if run.Command == sync.CommandPlan {
		return l.writeManifest(m)
	}
	c, unlock, err := l.lockChain(run.Company)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	m.ChainID, m.Number, m.Previous = c.next(run.ID)
	m.Deleted = deleted
	if text, err = l.writeManifest(m); err != nil {
		return nil, err
	}
	return text, c.append(text)
}

func (l *folder) writeManifest(m *manifest) ([]byte, error) {
	text, err := m.encode()
	if err != nil {
		return nil, err
	}
	return text, writeWhole(l.path(m.RunID), manifestFile, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// readManifest reads a run's manifest.json. m is nil if there is none or it is not a manifest.
func (l *folder) readManifest(runID string) (text []byte, m *manifest) {
	text, err := os.ReadFile(filepath.Join(l.path(runID), manifestFile))
	if err != nil {
		return nil, nil
	}
	if m, err = decodeManifest(text); err != nil {
		return text, nil
	}
	return text, m
}

// evidence returns the digest of a run's manifest, or nothing if it has none.
func (l *folder) evidence(runID string) string {
	text, err := os.ReadFile(filepath.Join(l.path(runID), manifestFile))
	if err != nil {
		return ""
	}
	return digestOf(text)
}
