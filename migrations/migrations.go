// Package migrations holds the schemas of the HR database and of the ledger as numbered SQL files for tern, and applies
// them in one transaction each, so that a pooler may be in between. The two are independent sets, each with its own
// version table, since they may be in different databases.
//
// tern treats the files as templates: two opening braces in SQL would start an expression.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/tern/v2/migrate"
)

//go:embed hr/*.sql ledger/*.sql
var files embed.FS

// RolesSQL makes roles with the least rights that migrations and the job need, and grants them. It is idempotent: a
// superuser or the databases' owner runs it before the first migration and after each.
//
//go:embed roles.sql
var RolesSQL string

// Set is one schema that is migrated on its own.
type Set string

// The sets, as `assignee-sync migrate` names them.
const (
	HR     Set = "hr"
	Ledger Set = "ledger"
)

// Setting returns the setting that holds the URL of the set's database.
func (s Set) Setting() string {
	if s == HR {
		return "HR_DATABASE_URL"
	}
	return "LEDGER_DATABASE_URL"
}

// VersionTable returns the table that records how far the set is migrated. Like every table of the set, it is found by
// the session's search_path.
func (s Set) VersionTable() string { return "assignee_sync_" + string(s) + "_version" }

// relations returns the names that the customer may already use for views of their own.
func (s Set) relations() []string {
	if s == HR {
		return []string{"hr_team_members", "role_mappings"}
	}
	return nil
}

// Files returns the set's SQL files.
func Files(set Set) (fs.FS, error) {
	if set != HR && set != Ledger {
		return nil, fmt.Errorf("there are no migrations for %q: name hr or ledger", string(set))
	}
	return fs.Sub(files, string(set))
}

// names returns the set's migrations in order; the first one has number 1.
func (s Set) names() ([]string, error) {
	fsys, err := Files(s)
	if err != nil {
		return nil, err
	}
	return migrate.FindMigrations(fsys)
}

// Latest returns the number of the set's last migration: the version that this program works with.
func (s Set) Latest() int {
	names, err := s.names()
	if err != nil {
		panic(fmt.Sprintf("migrations: the embedded set %q is broken: %v", string(s), err))
	}
	return len(names)
}
