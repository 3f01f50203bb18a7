// Package settings reads settings from flags, the environment, an env file and mounted secrets. It reports everything
// that is wrong at once, never shows a secret, and knows nothing about commands: flags come in as values.
package settings

import (
	"context"
	"io"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

// Needs says which settings a command needs. Settings that it does not need are not read.
type Needs struct {
	Procore        bool // Procore and how to sync
	HR             bool // HR data and role map
	Limits         bool // the gates' limits
	Ledger         bool // where runs are
	HRDatabase     bool // HR_DATABASE_URL itself
	LedgerDatabase bool // LEDGER_DATABASE_URL itself
}

// secret reports whether the command needs a secret.
func (n Needs) secret(name string) bool {
	switch name {
	case "HR_DATABASE_URL":
		return n.HR || n.HRDatabase
	case "LEDGER_DATABASE_URL":
		return n.Ledger || n.LedgerDatabase
	default:
		return n.Procore
	}
}

// Config holds the values of the settings.
type Config struct {
	Company procore.CompanyID // may be empty if Procore is not needed
	Procore procore.Config
	Host    string // of the API: part of a plan's identity

	HR        HR
	Policy    sync.Policy
	Templates []string
	Projects  []string
	Location  *time.Location

	Separation *planner.Separation // nil if there is none
	ReadDays   int                 // every preset is read at least once in so many days

	MaxDuration time.Duration // 0 means no limit
	Accepted    *sync.Acceptances

	Running Running
	Ledger  Ledger
	Notify  Notify
	Log     Log

	Secrets []string // everything that must not be shown, for package redact
	Sound   Sound
}

// Sound says which parts of the settings have no problem, for check, which goes on with those.
type Sound struct{ Procore, HR, RoleMap, Ledger bool }

// HR says where HR data and role map are.
type HR struct {
	Source    func(stdin io.Reader, terms hrsource.Terms) hrsource.Source // nil if nothing says where HR data is
	Setting   string                                                      // the setting that says where it is: HR_CSV or HR_DATABASE_URL
	FromStdin bool                                                        // HR data is read from standard input
	RoleMap   string                                                      // path, RoleMapTable or RoleMapNames

	DatabaseURL Secret
}

// Values of ROLE_MAP that are not paths.
const (
	RoleMapTable = "table"
	RoleMapNames = "names"
)

// Ledger says where runs leave their records.
type Ledger struct {
	Dir         string
	DatabaseURL Secret // empty means no database
	KeepDays    int    // 0 means for ever
	Access      bool   // leave access.csv in every run
}

// Running says what a run does about running workflows that wait for someone who left.
type Running struct {
	Mode         sync.RunningMode
	MaxHandovers int
}

// Notify says who is told how an apply ended.
type Notify struct {
	URL    Secret // empty means nobody
	Always bool   // not only when there is a problem
}

// Load reads everything that a command needs. The error, an *Error, lists every problem. Even then the configuration is
// filled in as far as possible, for its log settings and for check.
func Load(ctx context.Context, source *Source, need Needs) (*Config, error) {
	problems := &problemList{asFlag: source.asFlag}
	t, err := source.texts(ctx, need, problems)
	if err != nil {
		return nil, err
	}
	c := &Config{Company: procore.CompanyID(strings.TrimSpace(t.CompanyID))}
	c.Secrets = t.secrets()
	// sound reports whether reading a part of the settings found no problem.
	sound := func(read func()) bool {
		before := len(problems.list)
		read()
		return len(problems.list) == before
	}
	c.readLog(t, problems)
	if need.Procore || need.Ledger {
		c.Location = problems.location("SYNC_TIMEZONE", t.Timezone)
	}
	if need.Procore {
		c.Sound.Procore = sound(func() { c.readProcore(t, problems) }) && t.ClientID != "" && t.ClientSecret != ""
		c.readSync(t, problems)
		c.readRunning(t, problems)
		c.readNotify(t, problems)
	}
	if need.HR {
		c.Sound.HR = sound(func() { c.readHR(t, problems) }) && !problems.fileTold("HR_DATABASE_URL")
		c.Sound.RoleMap = sound(func() { c.readRoleMap(t, problems) }) &&
			(c.HR.RoleMap != RoleMapTable || c.HR.DatabaseURL != "")
	}
	if need.Limits {
		c.readLimits(t, problems)
	}
	if need.Ledger {
		c.Sound.Ledger = sound(func() { c.readLedger(t, problems) })
	}
	c.readDatabases(t, need, problems)
	source.unknown(problems)
	return c, problems.err()
}

// readDatabases reads the URLs of databases for migrate, which needs nothing else.
func (c *Config) readDatabases(t texts, need Needs, problems *problemList) {
	if need.HRDatabase {
		c.HR.DatabaseURL = problems.databaseURL("HR_DATABASE_URL", t.HRDatabaseURL, true)
	}
	if need.LedgerDatabase {
		c.Ledger.DatabaseURL = problems.databaseURL("LEDGER_DATABASE_URL", t.LedgerDatabaseURL, true)
	}
}
