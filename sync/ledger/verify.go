package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// Verify compares the runs in this ledger with their evidence: the files of every run with its manifest, the manifests
// with the chain of their company, and both with what the database has. Given a run's id, it reports on that run and
// the chain only; if there is no such run, the error is an *UnknownRunError. It is also an error if there is no ledger
// at all. Verify writes nothing.
func (l *Ledger) Verify(ctx context.Context, company procore.CompanyID, runID string) (report.Verification, error) {
	companies, err := l.folder.companies()
	if err != nil {
		return report.Verification{}, err
	}
	if company != "" && l.database != nil && !slices.Contains(companies, company) {
		companies = append(companies, company) // the database may know of runs that are gone from here
	}
	var all report.Verification
	for _, c := range companies {
		if company != "" && c != company && c != "" {
			continue
		}
		v := &verification{folder: l.folder, company: c}
		if err := v.load(ctx, l.database); err != nil {
			return report.Verification{}, err
		}
		v.verify()
		all.Findings = append(all.Findings, v.findings...)
		all.Runs = append(all.Runs, v.runs...)
	}
	if len(all.Runs) == 0 && !l.folder.exists() {
		return all, fmt.Errorf("there is no ledger in %s, so nothing can be verified: set LEDGER_DIR to the folder of the runs", l.folder.dir)
	}
	if runID == "" {
		return all, nil
	}
	all.Runs = slices.DeleteFunc(all.Runs, func(r report.VerifiedRun) bool { return r.RunID != runID })
	if len(all.Runs) == 0 {
		return all, &UnknownRunError{Name: runID}
	}
	if run := &all.Runs[0]; run.State == report.Elsewhere {
		run.State = report.Disproved
		run.Findings = append(run.Findings, "the ledger database has it, and its files are not in this folder: they were deleted, or are in the "+
			"folder of another machine")
	}
	return all, nil
}

// companies returns the companies that have a chain or a run here, sorted; "" stands for runs whose company is no
// longer known.
func (l *folder) companies() ([]procore.CompanyID, error) {
	list, err := l.chainCompanies()
	if err != nil {
		return nil, err
	}
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		list = append(list, l.companiesOf(id)...)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// companiesOf returns the company to which a run belongs. It returns several if the files disagree, since one of them
// was altered.
func (l *folder) companiesOf(id string) []procore.CompanyID {
	list := []procore.CompanyID{l.identify(id).Company}
	if first, ok := l.firstLine(id); ok {
		list = append(list, first.Company)
	}
	if _, m := l.readManifest(id); m != nil {
		list = append(list, m.Company)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > 1 && list[0] == "" {
		list = list[1:]
	}
	return list
}

// verification is the verification of one company's runs.
type verification struct {
	folder  *folder
	company procore.CompanyID
	chain   *chain

	known  map[string]string    // digests of runs according to the database; nil without one
	stored map[linkPlace]string // links according to the database

	runs     []report.VerifiedRun
	findings []string
}

func (v *verification) load(ctx context.Context, d *database) (err error) {
	if v.chain, err = v.folder.readChain(v.company); err != nil || d == nil {
		return err
	}
	return d.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if v.stored, err = linksOf(ctx, tx, v.company); err != nil {
			return err
		}
		v.known, err = evidenceOf(ctx, tx, v.company)
		return err
	})
}

func (v *verification) verify() {
	for _, line := range v.chain.damaged {
		v.findings = append(v.findings, fmt.Sprintf("line %d of %s is not as it was written", line, filepath.Base(v.chain.path)))
	}
	deleted := map[string]int{} // the number of the link that deleted them
	for _, link := range v.chain.links {
		for _, id := range link.Deleted {
			deleted[id] = link.Number
		}
	}
	ids, _ := v.folder.runIDs() // could be read a moment ago
	here := map[string]bool{}
	for _, id := range ids {
		here[id] = true
	}
	inChain := map[string]bool{}
	for i := range v.chain.links {
		link := &v.chain.links[i]
		run := v.ofLink(link)
		run.Findings = append(run.Findings, v.places(i)...)
		if inChain[link.RunID] {
			run.Findings = append(run.Findings, "the chain has it twice")
		}
		inChain[link.RunID] = true
		switch {
		case here[link.RunID]:
			run.Findings = append(run.Findings, v.files(link.RunID, &link.manifest, link.text)...)
		case deleted[link.RunID] > link.Number:
			run.State = report.DeletedByAge
		default:
			run.Findings = append(run.Findings, "the run is missing: no later run has deleted it after LEDGER_KEEP_DAYS")
		}
		v.add(run)
	}
	for _, id := range slices.Backward(ids) {
		if !inChain[id] && slices.Contains(v.folder.companiesOf(id), v.company) {
			v.add(v.besideChain(id))
		}
	}
	v.goneFromHere(inChain)
	v.elsewhere()
}

func (v *verification) add(run report.VerifiedRun) {
	if known := v.known[run.RunID]; known != "" && run.State != report.DeletedByAge && known != v.folder.evidence(run.RunID) {
		run.Findings = append(run.Findings, "the ledger database has another digest of its manifest")
	}
	if len(run.Findings) > 0 {
		run.State = report.Disproved
	}
	v.runs = append(v.runs, run)
}

func (v *verification) ofLink(link *chainLink) report.VerifiedRun {
	run := report.VerifiedRun{
		RunID: link.RunID, Company: v.company, State: report.Verified, Evidence: link.digest, Number: link.Number, Files: len(link.Files),
	}
	if link.Previous != nil {
		run.Previous = link.Previous.RunID
	}
	return run
}

// places returns what is wrong with the place of a link in the chain.
func (v *verification) places(i int) (findings []string) {
	link := &v.chain.links[i]
	var before *chainLink
	if i > 0 {
		before = &v.chain.links[i-1]
	}
	switch {
	case link.Company != v.company:
		findings = append(findings, "it is another company's")
	case before == nil && (link.Number != 1 || link.Previous != nil):
		findings = append(findings, fmt.Sprintf("it is link %d of the chain, and the one before it is missing", link.Number))
	case before != nil && !(&chain{links: v.chain.links[:i]}).follows(&link.manifest):
		findings = append(findings, fmt.Sprintf("it does not follow run %s, which stands before it in the chain", before.RunID))
	}
	if text, there := v.stored[linkPlace{link.ChainID, link.Number}]; there && text != string(link.text) {
		findings = append(findings, fmt.Sprintf("the ledger database has another run as link %d of the chain", link.Number))
	}
	return findings
}

// files compares a run's files with its manifest, and the manifest with the text that the chain has.
func (v *verification) files(id string, m *manifest, text []byte) (findings []string) {
	dir := v.folder.path(id)
	written, err := os.ReadFile(filepath.Join(dir, manifestFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		findings = append(findings, manifestFile+" is missing")
	case err != nil:
		findings = append(findings, fmt.Sprintf("%s can't be read: %v", manifestFile, err))
	case !bytes.Equal(written, text):
		findings = append(findings, manifestFile+" was altered")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if filepath.Base(name) != name {
			continue // the manifest is forged: do not read files elsewhere
		}
		switch digest, err := hashFile(filepath.Join(dir, name)); {
		case errors.Is(err, fs.ErrNotExist):
			findings = append(findings, name+" is missing")
		case err != nil:
			findings = append(findings, fmt.Sprintf("%s can't be read: %v", name, err))
		case digest != m.Files[name]:
			findings = append(findings, name+" was altered")
		}
	}
	return append(findings, added(dir, m)...)
}

// added returns the files that were added to a run's folder since.
func added(dir string, m *manifest) (findings []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{fmt.Sprintf("its folder can't be read: %v", err)}
	}
	for _, e := range entries {
		_, known := m.Files[e.Name()]
		if !known && e.Name() != manifestFile && !strings.HasPrefix(e.Name(), ".") {
			findings = append(findings, e.Name()+" was added")
		}
	}
	return findings
}

// besideChain verifies a run that is not a link of the chain: a dry run, or one that is still to become a link.
func (v *verification) besideChain(id string) report.VerifiedRun {
	run := report.VerifiedRun{RunID: id, Company: v.company, State: report.Verified, Evidence: v.folder.evidence(id)}
	finding := func(what string) report.VerifiedRun {
		run.Findings = append(run.Findings, what)
		return run
	}
	first, known := v.folder.firstLine(id)
	finished, err := hasFinished(v.folder.journalPath(id))
	text, m := v.folder.readManifest(id)
	switch {
	case text == nil && err == nil && !finished, text == nil && err != nil && !v.folder.hasSummary(id):
		run.State = report.StillOpen
		return run
	case text == nil && known && first.Manifest && first.Command == sync.CommandPlan:
		return finding(manifestFile + " is missing: somebody deleted it, or the dry run was killed just before it wrote it")
	case text == nil && known && first.Manifest:
		run.State = report.StillOpen // killed between its last line and its manifest
		return run
	case text == nil:
		run.State = report.NoEvidence
		return run
	case m == nil:
		return finding(manifestFile + " was altered")
	case m.RunID != id || m.Company != v.company:
		return finding(manifestFile + " is another run's")
	case m.isLink() && !v.chain.follows(m):
		run.Number = m.Number
		run.Findings = append(run.Findings, "it is not in the chain")
	case !m.isLink() && !(known && first.Command == sync.CommandPlan):
		run.Findings = append(run.Findings, "it has no place in the chain, although it was no dry run")
	}
	run.Number, run.Files = m.Number, len(m.Files)
	if m.Previous != nil {
		run.Previous = m.Previous.RunID
	}
	run.Findings = append(run.Findings, v.files(id, m, text)...)
	return run
}
