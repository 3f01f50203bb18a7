package settings

import (
	"reflect"
	"strings"
)

// texts holds every setting as text; go-envconfig fills it in. It is all text on purpose: go-envconfig stops at the
// first value that it can't convert, and somebody who has made five mistakes wants to hear of all five.
//
// Tags: default is the value if none is set, about is what `help settings` shows, and quoted marks lists in which names
// may be quoted. A Secret can also be given as NAME_FILE. Whether a setting is required depends on the command, so
// there is no tag for that.
type texts struct {
	CompanyID      string `env:"PROCORE_COMPANY_ID" about:"Procore's number of the company; required"`
	ClientID       Secret `env:"PROCORE_CLIENT_ID" about:"OAuth client id of the service account; required"`
	ClientSecret   Secret `env:"PROCORE_CLIENT_SECRET" about:"its client secret; required"`
	APIURL         string `env:"PROCORE_API_URL" default:"https://api.procore.com" about:"where the API is; http for loopback only"`
	LoginURL       string `env:"PROCORE_LOGIN_URL" default:"https://login.procore.com" about:"where tokens come from"`
	Concurrency    string `env:"PROCORE_CONCURRENCY" default:"8" about:"requests in flight"`
	Timeout        string `env:"PROCORE_TIMEOUT" default:"30s" about:"for one request"`
	MaxAttempts    string `env:"PROCORE_MAX_ATTEMPTS" default:"6" about:"how often one request is sent at most"`
	ReservePercent string `env:"PROCORE_RESERVE_PERCENT" default:"10" about:"share of the hourly rate limit that is left to others"`

	HRCSV            string `env:"HR_CSV" about:"path of the HR file, - for standard input; this or HR_DATABASE_URL is required"`
	HRDatabaseURL    Secret `env:"HR_DATABASE_URL" about:"Postgres with the HR data: postgres://user:password@host:5432/database"`
	HRQuery          string `env:"HR_QUERY" about:"query that gives the HR rows; without it every row of hr_team_members"`
	CSVColumns       string `env:"HR_CSV_COLUMNS" about:"renames columns, such as email=Work Email,team=Department"`
	CSVIgnore        string `env:"HR_CSV_IGNORE" quoted:"yes" about:"headers that are left out on purpose though they look like a column of ours, comma-separated"`
	CSVDelimiter     string `env:"HR_CSV_DELIMITER" about:"the character between columns, or tab; without it found from the header"`
	CSVEncoding      string `env:"HR_CSV_ENCODING" about:"windows-1252 where the file is neither UTF-8 nor UTF-16 with BOM"`
	StatusValues     string `env:"HR_STATUS_VALUES" about:"more names of statuses, such as terminated=T|Left,active=Hired"`
	DateFormat       string `env:"HR_DATE_FORMAT" about:"such as MM/DD/YYYY, where dates are not ISO 8601"`
	MinRows          string `env:"HR_MIN_ROWS" default:"1" about:"fewer HR rows refuse the run"`
	MaxAge           string `env:"HR_MAX_AGE" about:"older HR data refuses the run, such as 36h"`
	MaxShrinkPercent string `env:"HR_MAX_SHRINK_PERCENT" default:"20" about:"fewer rows or people by more than this refuse the run"`
	MaxRejectedRows  string `env:"HR_MAX_REJECTED_ROWS" default:"0" about:"more rejected HR rows refuse the run"`

	RoleMap string `env:"ROLE_MAP" about:"path of a CSV file, table, or names; required"`

	Templates              string `env:"SYNC_TEMPLATES" quoted:"yes" about:"templates to sync, names or ids, comma-separated; without it all"`
	Projects               string `env:"SYNC_PROJECTS" quoted:"yes" about:"projects to sync, names, numbers or ids, comma-separated; without it all"`
	Mode                   string `env:"SYNC_MODE" default:"authoritative" about:"or additive: nobody is removed"`
	ProtectedLogins        string `env:"SYNC_PROTECTED_LOGINS" quoted:"yes" about:"logins that are never removed, such as svc-*@example.com"`
	ManagedDomains         string `env:"SYNC_MANAGED_DOMAINS" quoted:"yes" about:"only logins of these domains are removed"`
	AllowEmptyGroups       string `env:"SYNC_ALLOW_EMPTY_GROUPS" default:"false" about:"let a group lose its last people"`
	MaxGroupRemovalPercent string `env:"SYNC_MAX_GROUP_REMOVAL_PERCENT" default:"50" about:"a group that would lose more is held"`
	MaxRemovalPercent      string `env:"SYNC_MAX_REMOVAL_PERCENT" default:"25" about:"more removals refuse the run"`
	MaxRemovals            string `env:"SYNC_MAX_REMOVALS" about:"more removals refuse the run, as a number"`
	MaxAdditionPercent     string `env:"SYNC_MAX_ADDITION_PERCENT" default:"50" about:"more additions refuse the run, once a run has passed"`
	FirstRun               string `env:"SYNC_FIRST_RUN" default:"approve" about:"or allow: a first run may remove people without approval"`
	AcceptedExceptions     string `env:"SYNC_ACCEPTED_EXCEPTIONS" about:"CSV file kind,subject,until,why of exceptions accepted until a date"`
	Separation             string `env:"SYNC_SEPARATION" about:"CSV file template,group,other of groups that nobody may sit in both of"`
	Running                string `env:"SYNC_RUNNING" default:"report" about:"running workflows that wait for someone who left: off, report or handover"`
	MaxHandovers           string `env:"SYNC_MAX_HANDOVERS" default:"25" about:"more hand-overs are not made without approval"`
	ReadDays               string `env:"SYNC_READ_DAYS" default:"1" about:"every preset is read at least once in so many days"`
	NotifyURL              Secret `env:"SYNC_NOTIFY_URL" about:"where an apply tells how it ended, such as slack://, teams://, smtp:// or generic+https://"`
	NotifyOn               string `env:"SYNC_NOTIFY_ON" default:"problem" about:"or always: after every apply"`
	MaxDuration            string `env:"SYNC_MAX_DURATION" about:"ends the run cleanly in time, such as 90m"`
	Timezone               string `env:"SYNC_TIMEZONE" default:"UTC" about:"which day it is, such as America/Denver"`

	LedgerDir         string `env:"LEDGER_DIR" default:"./runs" about:"folder that runs leave their reports in"`
	LedgerDatabaseURL Secret `env:"LEDGER_DATABASE_URL" about:"Postgres for the same, and a lock that holds across machines"`
	KeepDays          string `env:"LEDGER_KEEP_DAYS" about:"older runs are deleted, never the last passed one"`
	Access            string `env:"LEDGER_ACCESS" default:"false" about:"leave access.csv in every run: everybody in every group"`

	LogLevel  string `env:"LOG_LEVEL" default:"info" about:"debug, info, warn or error"`
	LogFormat string `env:"LOG_FORMAT" default:"text" about:"or json"`
}

// prefixes are the prefixes that belong to this program: a name with one of them that is not a setting is a mistake.
var prefixes = []string{"PROCORE_", "HR_", "SYNC_", "LEDGER_"}

// Name is one setting of texts.
type Name struct {
	Name, Default, About string
	Secret               bool
	Quoted               bool // a list in which names may be quoted
}

// FileName returns the name of the setting that holds the path of a file with this one's value.
func (n Name) FileName() string { return n.Name + "_FILE" }

// Names returns all settings in the order of texts.
func Names() []Name {
	t := reflect.TypeFor[texts]()
	names := make([]Name, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		names = append(names, Name{
			Name:    f.Tag.Get("env"),
			Default: f.Tag.Get("default"),
			About:   f.Tag.Get("about"),
			Quoted:  f.Tag.Get("quoted") != "",
			Secret:  f.Type == reflect.TypeFor[Secret](),
		})
	}
	return names
}

// Default returns the default of a setting, or nothing if it has none.
func Default(name string) string {
	for _, n := range Names() {
		if n.Name == name {
			return n.Default
		}
	}
	return ""
}

// AllNames returns every name that may be set, including those ending in _FILE.
func AllNames() []string {
	var names []string
	for _, s := range Names() {
		names = append(names, s.Name)
		if s.Secret {
			names = append(names, s.FileName())
		}
	}
	return names
}

// isOurs reports whether a name has one of this program's prefixes.
func isOurs(name string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
