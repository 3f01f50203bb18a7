package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"procore-assignee-sync/procore"
)

// chain is the chain of a company's manifests in a ledger folder, from its file manifests-<company>.jsonl: one manifest
// a line, in the order in which the runs ended. It stays when runs are deleted, so that it shows if somebody else
// deleted the last one.
type chain struct {
	path    string
	links   []chainLink
	damaged []int // numbers, from 1, of lines that are not manifests as this program writes them
	size    int64 // up to the end of the last complete line
}

// chainLink is one line of the chain.
type chainLink struct {
	line   int
	text   []byte // with the newline at its end
	digest string
	manifest
}

const (
	chainPrefix = "manifests-"
	chainSuffix = ".jsonl"
)

func (l *folder) chainPath(company procore.CompanyID) string {
	return filepath.Join(l.dir, chainPrefix+url.PathEscape(string(company))+chainSuffix)
}

// chainCompanies lists the companies that have a chain here.
func (l *folder) chainCompanies() ([]procore.CompanyID, error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var list []procore.CompanyID
	for _, e := range entries {
		name, isChain := strings.CutPrefix(e.Name(), chainPrefix)
		name, whole := strings.CutSuffix(name, chainSuffix)
		if company, err := url.PathUnescape(name); isChain && whole && err == nil {
			list = append(list, procore.CompanyID(company))
		}
	}
	return list, nil
}

// readChain reads a company's chain, which is empty if there is none. A last line without its newline was cut off while
// it was being written, and does not count.
func (l *folder) readChain(company procore.CompanyID) (*chain, error) {
	c := &chain{path: l.chainPath(company)}
	text, err := os.ReadFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the chain of manifests: %w", err)
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	c.size = int64(len(text))
	number := 0
	for line := range bytes.Lines(text) {
		number++
		m, err := decodeManifest(line)
		if err != nil || !m.isLink() {
			c.damaged = append(c.damaged, number)
			continue
		}
		c.links = append(c.links, chainLink{number, bytes.Clone(line), digestOf(line), *m})
	}
	return c, nil
}

// lockChain reads a company's chain while keeping its runs against other hosts from adding to it.
func (l *folder) lockChain(company procore.CompanyID) (c *chain, unlock func() error, err error) {
	lock := flock.New(filepath.Join(l.dir, ".chain-"+url.PathEscape(string(company))), flock.SetPermissions(fileMode))
	if err := lock.Lock(); err != nil { // waits while another run hashes its files
		return nil, nil, fmt.Errorf("lock the chain of manifests: %w", err)
	}
	if c, err = l.readChain(company); err != nil {
		return nil, nil, errors.Join(err, lock.Close())
	}
	return c, lock.Close, nil
}

// head returns the last link, or nil if there is none.
func (c *chain) head() *chainLink {
	if len(c.links) == 0 {
		return nil
	}
	return &c.links[len(c.links)-1]
}

// next returns the place in the chain that the run will have as its next link.
func (c *chain) next(runID string) (id string, number int, before *previous) {
	head := c.head()
	if head == nil {
		sum := sha256.Sum256([]byte(filepath.Base(c.path) + "\n" + runID)) // the run's id is random, so no other ledger has this one
		return hex.EncodeToString(sum[:8]), 1, nil
	}
	return head.ChainID, head.Number + 1, &previous{head.RunID, head.digest}
}

// follows reports whether a manifest is the next link that the chain is missing: the run that wrote it was killed
// before it could add it.
func (c *chain) follows(m *manifest) bool {
	head := c.head()
	if head == nil {
		return m.Number == 1 && m.Previous == nil
	}
	return m.ChainID == head.ChainID && m.Number == head.Number+1 && m.Previous != nil && *m.Previous == previous{head.RunID, head.digest}
}

// has reports whether a run is a link.
func (c *chain) has(runID string) bool {
	for i := range c.links {
		if c.links[i].RunID == runID {
			return true
		}
	}
	return false
}

// append adds a manifest's text as the chain's last line, and returns once it is on disk.
func (c *chain) append(text []byte) error {
	f, err := os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return fmt.Errorf("add to the chain of manifests: %w", err)
	}
	err = f.Truncate(c.size) // removes a line that was cut off
	if err == nil {
		_, err = f.Write(text)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close(), syncFolder(filepath.Dir(c.path))); err != nil {
		return fmt.Errorf("add to the chain of manifests: %w", err)
	}
	return nil
}
