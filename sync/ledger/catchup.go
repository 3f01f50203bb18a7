package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// CatchUp copies to the database the ended runs of a company and host that it is missing, for instance because it was
// away when they ended, and the links of the chain that it is missing. It returns the ids of those runs, oldest first.
// It leaves out runs that LEDGER_KEEP_DAYS would delete again and runs that can't be read. The lock must be held.
func (l *Ledger) CatchUp(ctx context.Context, company procore.CompanyID, host string) (brought []string, err error) {
	err = l.onDatabase(func(d *database) error {
		known, err := d.evidence(ctx, company)
		if err != nil {
			return err
		}
		lacks, err := l.folder.lacking(Filter{Company: company, Host: host}, known)
		if err != nil {
			return err
		}
		for _, s := range lacks {
			if l.keepDays > 0 && ageOf(s).Before(l.now().UTC().AddDate(0, 0, -l.keepDays)) {
				continue
			}
			if err := l.bring(ctx, d, s); err != nil {
				return fmt.Errorf("bring run %s to the ledger database: %w", s.ID, err)
			}
			brought = append(brought, s.ID)
		}
		return l.bringChain(ctx, d, company)
	})
	return brought, err
}

// lacking returns the runs that have ended in this folder and that the database does not know, or has no evidence for.
// A run for which the database has other evidence is left alone: its manifest has been altered since, which Verify
// reports.
func (l *folder) lacking(of Filter, known map[string]string) ([]sync.Summary, error) {
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	var list []sync.Summary
	for _, id := range slices.Backward(ids) {
		evidence, there := known[id]
		if l.isGoing(id) || there && (evidence != "" || l.evidence(id) == "") {
			continue
		}
		if s, err := l.summary(id); err == nil && s.Outcome != "" && of.has(s.Run) {
			list = append(list, s)
		}
	}
	return list, nil
}

func (l *Ledger) bring(ctx context.Context, d *database, s sync.Summary) error {
	rec, err := l.folder.reported(s)
	if err != nil {
		l.warn("read a run that the ledger database lacks", err)
		return nil
	}
	steps, err := l.folder.steps(s.ID)
	if err != nil {
		l.warn("read a run that the ledger database lacks", err)
		return nil
	}
	err = d.writeWhole(ctx, rec, steps)
	if text, m := l.folder.readManifest(s.ID); err == nil && m != nil {
		err = d.attest(ctx, s.ID, text)
	}
	return err
}

// bringChain adds to the database the links that it is missing, including those of deleted runs.
func (l *Ledger) bringChain(ctx context.Context, d *database, company procore.CompanyID) error {
	c, err := l.folder.readChain(company)
	if err != nil || len(c.links) == 0 {
		return err
	}
	return d.addLinks(ctx, c.links)
}

// evidence returns the digest of each of the company's runs that has ended; empty if a run has none.
func (p *database) evidence(ctx context.Context, company procore.CompanyID) (known map[string]string, err error) {
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		known, err = evidenceOf(ctx, tx, company)
		return err
	})
	return known, err
}

func evidenceOf(ctx context.Context, tx pgx.Tx, company procore.CompanyID) (map[string]string, error) {
	rows, err := tx.Query(ctx, `select run_id, coalesce(manifest_sha256, '') from sync_runs
		where company_id = $1 and outcome is not null`, string(company))
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	var id, digest string
	_, err = pgx.ForEachRow(rows, []any{&id, &digest}, func() error {
		known[id] = digest
		return nil
	})
	return known, err
}

// attest stores the digest of a run's manifest and, if it is a link of the chain, the link.
func (p *database) attest(ctx context.Context, runID string, text []byte) error {
	m, err := decodeManifest(text)
	if err != nil {
		return err
	}
	err = p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "update sync_runs set manifest_sha256 = $2 where run_id = $1", runID, digestOf(text))
		return err
	})
	if m.isLink() {
		err = errors.Join(err, p.addLinks(ctx, []chainLink{{text: text, manifest: *m}}))
	}
	return err
}

// addLinks adds the links that are not there yet. Existing ones stay as they are.
func (p *database) addLinks(ctx context.Context, links []chainLink) error {
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		known, err := linksOf(ctx, tx, links[0].Company)
		if err != nil {
			return err
		}
		for _, link := range links {
			if _, there := known[linkPlace{link.ChainID, link.Number}]; there {
				continue
			}
			if _, err := tx.Exec(ctx, `insert into sync_manifests (chain_id, number, run_id, company_id, manifest)
				values ($1, $2, $3, $4, $5) on conflict (chain_id, number) do nothing`,
				link.ChainID, link.Number, link.RunID, string(link.Company), string(link.text)); err != nil {
				return err
			}
		}
		return nil
	})
}

type linkPlace struct {
	ChainID string
	Number  int
}

// linksOf returns the manifests of a company's chains.
func linksOf(ctx context.Context, tx pgx.Tx, company procore.CompanyID) (map[linkPlace]string, error) {
	rows, err := tx.Query(ctx, "select chain_id, number, manifest from sync_manifests where company_id = $1", string(company))
	if err != nil {
		return nil, err
	}
	list := map[linkPlace]string{}
	var place linkPlace
	var text string
	_, err = pgx.ForEachRow(rows, []any{&place.ChainID, &place.Number, &text}, func() error {
		list[place] = text
		return nil
	})
	return list, err
}
