package main

import (
	"context"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// needs says which settings a command can't do without. What it does not need is not looked at.
type needs struct {
	procore        bool // Procore and how to sync
	hr             bool // HR data and role map
	limits         bool // the gates' limits
	ledger         bool // where runs are
	hrDatabase     bool // HR_DATABASE_URL itself
	ledgerDatabase bool // LEDGER_DATABASE_URL itself
}

// secret says whether the command needs a secret.
func (n needs) secret(name string) bool {
	switch name {
	case "HR_DATABASE_URL":
		return n.hr || n.hrDatabase
	case "LEDGER_DATABASE_URL":
		return n.ledger || n.ledgerDatabase
	default:
		return n.procore
	}
}

// config is what the settings say.
type config struct {
	Company procore.CompanyID // may be empty where Procore is not needed
	Procore procore.Config
	Host    string // of the API: part of a plan's identity

	HR        hrSettings
	Policy    sync.Policy
	Templates []string
	Projects  []string
	Location  *time.Location

	MaxDuration time.Duration // 0: none
	Accepted    *sync.Acceptances

	Ledger ledgerSettings
	Log    logSettings

	secrets []Secret
	sound   soundParts
}

// soundParts says which parts of the settings are without a problem, for check, which goes on with those.
type soundParts struct{ procore, hr, roleMap, ledger bool }

// hrSettings say where HR data and role map are. Exactly one of CSV and Postgres is set.
type hrSettings struct {
	CSV      *hrsource.CSVConfig
	Postgres *hrsource.PostgresConfig
	RoleMap  string // path, roleMapTable or roleMapNames

	DatabaseURL Secret
}

// Words of ROLE_MAP that are no path.
const (
	roleMapTable = "table"
	roleMapNames = "names"
)

// ledgerSettings say where runs leave what they leave.
type ledgerSettings struct {
	Dir         string
	DatabaseURL Secret // empty: no database
	KeepDays    int    // 0: for ever
}

// loadSettings reads all that a command needs. The error lists every problem. The config is filled as far as the
// settings go even then: for its log settings, and for check.
func loadSettings(ctx context.Context, source *settingSource, need needs) (*config, error) {
	problems := &problemList{asFlag: source.asFlag}
	texts, err := source.texts(ctx, need, problems)
	if err != nil {
		return nil, err
	}
	c := &config{Company: procore.CompanyID(strings.TrimSpace(texts.CompanyID))}
	c.secrets = []Secret{texts.ClientSecret, texts.ClientID, texts.HRDatabaseURL, texts.LedgerDatabaseURL}
	// sound says whether reading a part of the settings brought up no problem.
	sound := func(read func()) bool {
		before := len(problems.list)
		read()
		return len(problems.list) == before
	}
	sound(func() { c.readLog(texts, problems) })
	if need.procore {
		c.sound.procore = sound(func() { c.readProcore(texts, problems) }) && texts.ClientID != "" && texts.ClientSecret != ""
		sound(func() { c.readSync(texts, problems) })
	}
	if need.hr {
		c.sound.hr = sound(func() { c.readHR(texts, problems) }) && !problems.fileTold("HR_DATABASE_URL")
		c.sound.roleMap = sound(func() { c.readRoleMap(texts, problems) }) &&
			(c.HR.RoleMap != roleMapTable || c.HR.DatabaseURL != "")
	}
	if need.limits {
		sound(func() { c.readLimits(texts, problems) })
	}
	if need.ledger {
		c.sound.ledger = sound(func() { c.readLedger(texts, problems) })
	}
	c.readDatabases(texts, need, problems)
	source.unknown(problems)
	return c, problems.err()
}

// readDatabases reads the URLs of databases for migrate, which needs nothing else.
func (c *config) readDatabases(texts settingTexts, need needs, problems *problemList) {
	if need.hrDatabase {
		c.HR.DatabaseURL = problems.databaseURL("HR_DATABASE_URL", texts.HRDatabaseURL, true)
	}
	if need.ledgerDatabase {
		c.Ledger.DatabaseURL = problems.databaseURL("LEDGER_DATABASE_URL", texts.LedgerDatabaseURL, true)
	}
}
