package settings

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// everything is what apply needs.
var everything = Needs{Procore: true, HR: true, Limits: true, Ledger: true}

// sufficient are the least settings that apply runs with.
func sufficient(more ...string) []string {
	return append([]string{
		"PROCORE_COMPANY_ID=4242", "PROCORE_CLIENT_ID=id", "PROCORE_CLIENT_SECRET=s3cr3t", "HR_CSV=hr.csv", "ROLE_MAP=names",
	}, more...)
}

// without leaves out some of the environment's names.
func without(environ []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(names, name)
	})
}

func load(t *testing.T, environ []string, need Needs) (*Config, error) {
	t.Helper()
	source, err := NewSource(environ, "")
	if err != nil {
		t.Fatal(err)
	}
	return Load(context.Background(), source, need)
}

// problems returns what is wrong as "NAME what", one a line.
func problems(t *testing.T, err error) []string {
	t.Helper()
	var settings *Error
	if !errors.As(err, &settings) {
		t.Fatalf("got %v, want a Error", err)
	}
	var list []string
	for _, p := range settings.Problems {
		list = append(list, p.Name+" "+p.What)
	}
	return list
}

// codeOf returns the exit code that an error of the settings carries.
func codeOf(err error) int {
	var settings *Error
	if errors.As(err, &settings) {
		return settings.ExitCode()
	}
	return 0
}

func TestDefaultsAreThoseOfTheSettingsTable(t *testing.T) {
	c, err := load(t, sufficient(), everything)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Procore
	switch {
	case p.APIURL != "https://api.procore.com", p.LoginURL != "https://login.procore.com", c.Host != "api.procore.com",
		p.Concurrency != 8, p.Timeout != 30*time.Second, p.MaxAttempts != 6, p.ReservePercent != 10:
		t.Errorf("procore: %+v on %s", p, c.Host)
	}
	want := sync.DefaultPolicy()
	if got := c.Policy; got.Mode != want.Mode || got.MaxGroupRemovalPercent != 50 || got.MaxRemovalPercent != 25 ||
		got.MaxRemovals != nil || got.AllowFirstRun || got.MinRows != 1 || got.MaxRejectedRows != 0 ||
		got.MaxShrinkPercent != 20 || got.MaxAge != 0 || got.AllowEmptyGroups {
		t.Errorf("policy: %+v", got)
	}
	if c.Policy.MaxAdditionPercent != 50 || c.Separation != nil || c.ReadDays != 1 || csvOf(t, c).Ignore != nil {
		t.Errorf("additions %d, separation %v, days %d, ignored %q", c.Policy.MaxAdditionPercent, c.Separation, c.ReadDays, csvOf(t, c).Ignore)
	}
	if c.Running != (Running{Mode: sync.RunningReport, MaxHandovers: 25}) || c.Notify != (Notify{}) || c.Ledger.Access {
		t.Errorf("running %+v, notify %+v, access %v", c.Running, c.Notify, c.Ledger.Access)
	}
	if c.Ledger.Dir != "./runs" || c.Ledger.KeepDays != 0 || c.Location != time.UTC || c.MaxDuration != 0 {
		t.Errorf("ledger %+v, location %v, duration %v", c.Ledger, c.Location, c.MaxDuration)
	}
}

func TestEveryWrongSettingIsReportedAtOnce(t *testing.T) {
	bad := []string{
		"PROCORE_COMPANY_ID=12x", "PROCORE_API_URL=http://example.com", "PROCORE_LOGIN_URL=https://user:hunter2@example.com",
		"PROCORE_CONCURRENCY=0", "PROCORE_TIMEOUT=30", "PROCORE_MAX_ATTEMPTS=many", "PROCORE_RESERVE_PERCENT=100",
		"HR_CSV_DELIMITER=x", "HR_CSV_ENCODING=ebcdic", "HR_STATUS_VALUES=gone=T", "HR_CSV_COLUMNS=nickname=Nick",
		"HR_MIN_ROWS=-1", "HR_MAX_AGE=yesterday", "HR_MAX_SHRINK_PERCENT=101", "HR_MAX_REJECTED_ROWS=1.5",
		"SYNC_MODE=bogus", "SYNC_PROTECTED_LOGINS=[", "SYNC_MANAGED_DOMAINS=*.example.com", "SYNC_ALLOW_EMPTY_GROUPS=maybe",
		"SYNC_MAX_GROUP_REMOVAL_PERCENT=-5", "SYNC_MAX_REMOVAL_PERCENT=25%", "SYNC_MAX_REMOVALS=-1", "SYNC_FIRST_RUN=yes",
		"SYNC_ACCEPTED_EXCEPTIONS=missing.csv", "SYNC_MAX_DURATION=0", "SYNC_TIMEZONE=Mars/Olympus", "SYNC_MOD=x",
		"LEDGER_DATABASE_URL=postgres://u:hunter2@h:port/db", "LEDGER_KEEP_DAYS=0", "LEDGER_ACCESS=maybe",
		"SYNC_MAX_ADDITION_PERCENT=-1", "SYNC_SEPARATION=missing.csv", "SYNC_RUNNING=restart", "SYNC_MAX_HANDOVERS=-1",
		"SYNC_READ_DAYS=0", "SYNC_NOTIFY_URL=hunter2", "SYNC_NOTIFY_ON=never", "HR_CSV_IGNORE=,", "LOG_LEVEL=loud", "LOG_FORMAT=xml",
	}
	_, err := load(t, bad, everything)
	got := problems(t, err)
	for _, name := range append([]string{"PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "HR_CSV", "ROLE_MAP"}, bad...) {
		name, _, _ = strings.Cut(name, "=")
		if !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, name+" ") }) {
			t.Errorf("nothing is said of %s", name)
		}
	}
	if text := err.Error(); strings.Contains(text, "hunter2") {
		t.Errorf("a password is shown: %s", text)
	}
	if code := codeOf(err); code != sync.ExitConfig {
		t.Errorf("exit code %d", code)
	}
}

// csvOf returns the CSV file that HR data is read from.
func csvOf(t *testing.T, c *Config) hrsource.CSV {
	t.Helper()
	csv, ok := c.HR.Source(nil, hrsource.Terms{}).(hrsource.CSV)
	if !ok {
		t.Fatal("HR data comes from no CSV file")
	}
	return csv
}

func TestWhatIsSetIsHandedOver(t *testing.T) {
	separation := filepath.Join(t.TempDir(), "separation.csv")
	if err := os.WriteFile(separation, []byte("template,group,other\n*,Legal,Finance\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, sufficient(
		"SYNC_MAX_ADDITION_PERCENT=300", "SYNC_SEPARATION="+separation, "SYNC_RUNNING=Handover", "SYNC_MAX_HANDOVERS=0",
		"SYNC_READ_DAYS=7", "SYNC_NOTIFY_URL=slack://token@channel", "SYNC_NOTIFY_ON=always", "LEDGER_ACCESS=true",
		`HR_CSV_IGNORE=Employment Status,"Job, old"`,
	), everything)
	if err != nil {
		t.Fatal(err)
	}
	if c.Policy.MaxAdditionPercent != 300 || c.Separation == nil || c.ReadDays != 7 || !c.Ledger.Access ||
		!slices.Equal(csvOf(t, c).Ignore, []string{"Employment Status", "Job, old"}) {
		t.Errorf("additions %d, separation %v, days %d, access %v, ignored %q", c.Policy.MaxAdditionPercent, c.Separation,
			c.ReadDays, c.Ledger.Access, csvOf(t, c).Ignore)
	}
	if c.Running != (Running{Mode: sync.RunningHandover}) || c.Notify != (Notify{URL: "slack://token@channel", Always: true}) {
		t.Errorf("running %+v, notify always %v", c.Running, c.Notify.Always)
	}
}

func TestAColumnIsEitherReadOrPassedOver(t *testing.T) {
	_, err := load(t, append(sufficient(), "HR_CSV_COLUMNS=status=Employment Status,role=Job", "HR_CSV_IGNORE=Title,employment_status,JOB"), everything)
	want := []string{
		`HR_CSV_COLUMNS and HR_CSV_IGNORE both name "Job": take it out of one of them`,
		`HR_CSV_COLUMNS and HR_CSV_IGNORE both name "Employment Status": take it out of one of them`,
	}
	if got := problems(t, err); !slices.Equal(got, want) || codeOf(err) != sync.ExitConfig {
		t.Errorf("got  %q, exit %d\nwant %q", got, codeOf(err), want)
	}
}

func TestASettingIsRefusedWithWhatIsAllowed(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"PROCORE_COMPANY_ID=12.5", `PROCORE_COMPANY_ID is "12.5": a company's number is allowed, such as 4242`},
		{"PROCORE_API_URL=http://example.com", "PROCORE_API_URL starts with http://, which is allowed for this machine's own addresses only: use https://"},
		{"PROCORE_API_URL=api.procore.com", "PROCORE_API_URL is no URL: something like https://api.procore.com is allowed"},
		{"PROCORE_API_URL=ftp://example.com", "PROCORE_API_URL does not start with https://"},
		{"PROCORE_API_URL=https://example.com/?a=b", "PROCORE_API_URL has a query or a fragment: scheme, host and perhaps a path are allowed"},
		{"PROCORE_TIMEOUT=30", `PROCORE_TIMEOUT is "30": a duration of at least 100ms is allowed, such as 90s, 45m or 36h`},
		{"SYNC_MODE=merge", `SYNC_MODE is "merge": authoritative or additive is allowed`},
		{"SYNC_MAX_REMOVAL_PERCENT=101", `SYNC_MAX_REMOVAL_PERCENT is "101": a whole number from 0 to 100 is allowed`},
		{"SYNC_MAX_REMOVALS=-1", `SYNC_MAX_REMOVALS is "-1": a whole number of at least 0 is allowed`},
		{"SYNC_TIMEZONE=Local", `SYNC_TIMEZONE is "Local": the name of a time zone is allowed, such as UTC or America/Denver`},
		{"SYNC_MANAGED_DOMAINS=@example.com", `SYNC_MANAGED_DOMAINS holds "@example.com": whole domains are allowed, such as example.com, without @ or *`},
		{"HR_DATABASE_URL=postgres://h/db", "HR_CSV and HR_DATABASE_URL are both set: HR data comes from one of them, unset the other"},
		{"SYNC_NOTIFY_URL=hooks://short@key", "SYNC_NOTIFY_URL names no service by its first part, before ://: something like slack://…, teams://…, " +
			"smtp://… or generic+https://… is allowed"},
		{"ROLE_MAP=table", `ROLE_MAP is "table", which is in the HR database: set HR_DATABASE_URL, or name a file`},
		{"PROCORE_CLIENT_SECRET_FILE=/x", "PROCORE_CLIENT_SECRET and PROCORE_CLIENT_SECRET_FILE are both set: set one of them"},
	} {
		t.Run(c.set, func(t *testing.T) {
			name, _, _ := strings.Cut(c.set, "=")
			_, err := load(t, append(without(sufficient(), name), c.set), everything)
			if got := problems(t, err); !slices.Equal(got, []string{c.want}) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestHTTPIsAcceptedForLoopbackOnly(t *testing.T) {
	for url, host := range map[string]string{
		"http://localhost:8765": "localhost:8765", "http://127.0.0.1:80/base/": "127.0.0.1", "http://[::1]:9": "[::1]:9",
		"https://API.Procore.com:443": "api.procore.com",
	} {
		c, err := load(t, sufficient("PROCORE_API_URL="+url), everything)
		if err != nil || c.Host != host {
			t.Errorf("%s: host %q, %v", url, c.Host, err)
		}
	}
}

func TestAnEmptySettingIsUnset(t *testing.T) {
	c, err := load(t, sufficient("HR_DATABASE_URL=", "SYNC_MODE=", "HR_MAX_AGE=", "SYNC_TYPO=", "PROCORE_CLIENT_ID_FILE="), everything)
	if err != nil || c.Policy.Mode != sync.Authoritative {
		t.Errorf("%v", err)
	}
	_, err = load(t, append(without(sufficient(), "PROCORE_CLIENT_SECRET"), "PROCORE_CLIENT_SECRET="), everything)
	if got := problems(t, err); len(got) != 1 || !strings.HasPrefix(got[0], "PROCORE_CLIENT_SECRET is missing") {
		t.Errorf("got %q", got)
	}
}

func TestUnknownNamesWithOurPrefixesAreReportedWithNearOnes(t *testing.T) {
	_, err := load(t, sufficient("SYNC_TEMPLATE=x", "PROCORE_COMPANY=1", "HR_WHATEVER_ELSE=1", "LEDGER_DIR_FILE=x", "OTHER_X=1"), everything)
	want := []string{
		"HR_WHATEVER_ELSE is not a setting: see `assignee-sync help settings`",
		"LEDGER_DIR_FILE is not a setting: only secrets can be given as a file, set LEDGER_DIR itself",
		"PROCORE_COMPANY is not a setting: did you mean PROCORE_COMPANY_ID?",
		"SYNC_TEMPLATE is not a setting: did you mean SYNC_TEMPLATES?",
	}
	if got := problems(t, err); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWhatKubernetesInjectsForServicesIsIgnored(t *testing.T) {
	_, err := load(t, sufficient(
		"LEDGER_PORT=tcp://10.0.0.1:5432", "LEDGER_SERVICE_HOST=10.0.0.1", "LEDGER_SERVICE_PORT=5432",
		"LEDGER_SERVICE_PORT_POSTGRES=5432", "HR_POSTGRES_SERVICE_HOST=10.0.0.2", "HR_POSTGRES_PORT=tcp://10.0.0.2:5432",
		"HR_POSTGRES_PORT_5432_TCP=tcp://10.0.0.2:5432", "HR_POSTGRES_PORT_5432_TCP_PROTO=tcp",
		"HR_POSTGRES_PORT_5432_TCP_PORT=5432", "HR_POSTGRES_PORT_5432_TCP_ADDR=10.0.0.2",
	), everything)
	if err != nil {
		t.Error(err)
	}
}

// utf16 writes a text as Windows PowerShell does: UTF-16 with a byte-order mark.
func utf16(t *testing.T, order unicode.Endianness, text string) []byte {
	t.Helper()
	encoded, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func TestASecretCanStandInAFile(t *testing.T) {
	const secret = "pa$$ wörd"
	for name, content := range map[string][]byte{
		"with spaces and newlines around it": []byte(" \t" + secret + " \r\n\n"),
		"with a byte-order mark":             []byte("\uFEFF" + secret),
		"with two":                           []byte("\uFEFF\uFEFF" + secret + "\n"),
		"in UTF-16, little-endian":           utf16(t, unicode.LittleEndian, secret+"\r\n"),
		"in UTF-16, big-endian":              utf16(t, unicode.BigEndian, secret+"\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := load(t, append(without(sufficient(), "PROCORE_CLIENT_SECRET"), "PROCORE_CLIENT_SECRET_FILE="+file+"\n"), everything)
			if err != nil || c.Procore.ClientSecret != secret {
				t.Errorf("%q, %v", c.Procore.ClientSecret, err)
			}
		})
	}
}

func TestWhatSurroundsAValueIsTakenOff(t *testing.T) {
	c, err := load(t, append(without(sufficient(), "PROCORE_CLIENT_SECRET", "HR_CSV"),
		"PROCORE_CLIENT_SECRET=\uFEFF s3cr3t\n", "HR_CSV=\thr.csv\r\n", "SYNC_MODE= additive ", "HR_CSV_DELIMITER=\t",
		"LEDGER_DIR=\u00a0\n",
	), everything)
	if err != nil {
		t.Fatal(err)
	}
	if c.Procore.ClientSecret != "s3cr3t" || csvOf(t, c).Path != "hr.csv" || c.Policy.Mode != sync.Additive ||
		csvOf(t, c).Delimiter != '\t' || c.Ledger.Dir != "./runs" {
		t.Errorf("secret %q, file %q, mode %s, delimiter %q, ledger %q", c.Procore.ClientSecret, csvOf(t, c).Path, c.Policy.Mode,
			csvOf(t, c).Delimiter, c.Ledger.Dir)
	}
}

func TestQuotesAroundAValueAreTold(t *testing.T) {
	const told = " has quotes around its value, which are taken as a part of it: take them off (docker and Kubernetes keep" +
		" quotes, a shell and --env-file do not)"
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("'hunter2'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := load(t, append(without(sufficient(), "PROCORE_CLIENT_SECRET", "PROCORE_CLIENT_ID", "PROCORE_COMPANY_ID"),
		`PROCORE_CLIENT_SECRET="hunter2"`+"\n", "PROCORE_CLIENT_ID_FILE="+file, `PROCORE_COMPANY_ID="4242"`,
		`SYNC_TEMPLATES="Change order, major"`), everything)
	want := []string{"PROCORE_COMPANY_ID" + told, "PROCORE_CLIENT_ID_FILE" + told, "PROCORE_CLIENT_SECRET" + told}
	if got := problems(t, err); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestASecretsFileThatCannotBeReadIsNamed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := append(without(sufficient(), "PROCORE_CLIENT_SECRET", "PROCORE_CLIENT_ID"),
		"PROCORE_CLIENT_ID_FILE="+empty, "PROCORE_CLIENT_SECRET_FILE=/nowhere/secret")
	_, err := load(t, environ, everything)
	text := strings.Join(problems(t, err), "\n")
	for _, want := range []string{
		"PROCORE_CLIENT_ID_FILE names " + empty + ", which is empty",
		"PROCORE_CLIENT_SECRET_FILE names /nowhere/secret, which can't be read: no such file or directory",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said in\n%s", want, text)
		}
	}
}

func TestOnlyWhatACommandNeedsIsRequired(t *testing.T) {
	_, err := load(t, []string{"PROCORE_CLIENT_SECRET_FILE=/nowhere", "PROCORE_TIMEOUT=soon"}, Needs{Ledger: true})
	if err != nil {
		t.Errorf("runs: %v", err)
	}
	_, err = load(t, nil, Needs{HRDatabase: true})
	if got := problems(t, err); len(got) != 1 || !strings.HasPrefix(got[0], "HR_DATABASE_URL is missing") {
		t.Errorf("migrate hr: %q", got)
	}
}

func TestAFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.env")
	text := "SYNC_MODE=additive\nSYNC_MAX_REMOVALS=7\nHR_MIN_ROWS=5\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := NewSource(sufficient("SYNC_MAX_REMOVALS=8", "HR_MIN_ROWS=6"), file)
	if err != nil {
		t.Fatal(err)
	}
	source.SetFlag(Flag{Setting: "SYNC_MAX_REMOVALS", Name: "max-removals"}, "9")
	c, err := Load(context.Background(), source, everything)
	if err != nil {
		t.Fatal(err)
	}
	if c.Policy.Mode != sync.Additive || *c.Policy.MaxRemovals != 9 || c.Policy.MinRows != 6 {
		t.Errorf("%+v", c.Policy)
	}
}

func TestAFlagsWrongValueIsWrongUsage(t *testing.T) {
	source, err := NewSource(sufficient(), "")
	if err != nil {
		t.Fatal(err)
	}
	source.SetFlag(Flag{Setting: "SYNC_MODE", Name: "mode"}, "bogus")
	_, err = Load(context.Background(), source, everything)
	if codeOf(err) != sync.ExitUsage || !strings.HasPrefix(err.Error(), "--mode is") {
		t.Errorf("exit %d: %v", codeOf(err), err)
	}
}

func TestNamesWithCommasStandInQuotes(t *testing.T) {
	c, err := load(t, sufficient(`SYNC_TEMPLATES="Change order, major", RFI ,12" pipe`), everything)
	if want := []string{"Change order, major", "RFI", `12" pipe`}; err != nil || !slices.Equal(c.Templates, want) {
		t.Errorf("%q, %v", c.Templates, err)
	}
}

func TestSourcesThatClashAreWrongConfigurationEvenAsFlags(t *testing.T) {
	source, err := NewSource(append(without(sufficient(), "HR_CSV"), "HR_DATABASE_URL=postgres://h/db"), "")
	if err != nil {
		t.Fatal(err)
	}
	source.SetFlag(Flag{Setting: "HR_CSV", Name: "hr-csv"}, "hr.csv")
	_, err = Load(context.Background(), source, everything)
	if codeOf(err) != sync.ExitConfig || !strings.HasPrefix(err.Error(), "--hr-csv and HR_DATABASE_URL are both set") {
		t.Errorf("exit %d: %v", codeOf(err), err)
	}
}
