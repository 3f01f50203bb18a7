package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/draft"
	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
)

// The files that init writes.
const (
	draftEnv = "assignee-sync.env"
	draftMap = "role-map.csv"
)

func (a *app) initCommand() *cobra.Command {
	var out string
	c := a.command(&cobra.Command{
		Use:   "init --hr-csv FILE",
		Short: "Propose settings and a role map from an HR file",
		Long: "Reads an HR file and proposes which of its columns are ours, what its statuses and dates mean and, with credentials for\n" +
			"Procore, which team fills which group. Writes " + draftEnv + " and " + draftMap + ", without any secret, to read\n" +
			"through and complete. Nothing that is there is overwritten, and nothing is sent to Procore.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.init(ctx, cmd, out) })
	c.Flags().StringVar(&out, "out", ".", "write the two files to `DIR`")
	a.readsSettings(c, initFlags())
	return c
}

// initFlags returns the only settings flag that init accepts.
func initFlags() []settings.Flag { return settings.SourceFlags()[:1] }

func (a *app) init(ctx context.Context, cmd *cobra.Command, out string) error {
	env, roleMap := filepath.Join(out, draftEnv), filepath.Join(out, draftMap)
	if err := noneThere(env, roleMap); err != nil {
		return err
	}
	c, err := a.settings(ctx, cmd, settings.Needs{Procore: true, HR: true})
	var wrong *settings.Error
	if errors.As(err, &wrong) {
		err = wrong.Set()
	}
	if err != nil {
		return err
	}
	var file hrsource.CSV
	isFile := false
	if c.HR.Source != nil {
		file, isFile = c.HR.Source(nil, hrsource.Terms{Today: (&job.Job{Now: a.Now, Location: c.Location}).Today()}).(hrsource.CSV)
	}
	switch {
	case !isFile:
		return usagef("init reads an HR file: name it with --hr-csv FILE")
	case c.HR.FromStdin:
		return usagef("init reads the HR file more than once: it can't come from standard input")
	}
	groups, projects, err := a.readForDraft(ctx, c)
	if err != nil {
		return err
	}
	hr, err := draft.ReadHR(ctx, file, projects)
	if err == nil && hr.IsNone() {
		err = hr.Trouble
	}
	if err != nil {
		return &settingError{"HR_CSV", err}
	}
	rules := draft.Rules(groups, hr.Teams)
	if err := a.writeDraft(c, hr, rules, env, roleMap); err != nil {
		return err
	}
	if err := hr.Print(a.Prose(), rules); err != nil {
		return err
	}
	return a.sayNext(hr, c.Company, env, roleMap)
}

// noneThere refuses to go on if one of the files exists: it is somebody's work.
func noneThere(paths ...string) error {
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			return usagef("%s is there already, and init overwrites nothing: name another folder with --out DIR", path)
		} else if !errors.Is(err, os.ErrNotExist) {
			return usagef("--out: %v", err)
		}
	}
	return nil
}

// readForDraft reads the groups that the role map can name, and the ids and numbers of projects. Without credentials it
// reads nothing.
func (a *app) readForDraft(ctx context.Context, c *settings.Config) ([]draft.Group, map[string]bool, error) {
	if !c.Sound.Procore {
		return nil, nil, nil
	}
	log := a.Logger(c.Log.Level)
	progress, ended := a.Progress(log, c.Location)
	defer ended()
	c.Procore.Logger, c.Procore.OnWait, c.Procore.Transport = log, progress.Waits, a.Transport
	client, err := procore.New(c.Procore)
	if err != nil {
		return nil, nil, coded(sync.ExitConfig, fmt.Errorf("the settings for Procore: %w", err))
	}
	defer client.Close()
	progress.Phase("templates", 0, 0)
	groups, err := draft.Groups(ctx, client)
	var projects map[string]bool
	if err == nil {
		projects, err = draft.Projects(ctx, client)
	}
	if err != nil {
		return nil, nil, coded(procoreExit(err), err)
	}
	return groups, projects, nil
}

// procoreExit returns the exit code for an error from Procore: wrong credentials or company, or Procore is unreachable.
func procoreExit(err error) int {
	var auth *procore.AuthError
	if errors.As(err, &auth) || procore.WrongCompany(err) {
		return sync.ExitConfig
	}
	return sync.ExitFailed
}

// writeDraft writes both files, or none.
func (a *app) writeDraft(c *settings.Config, hr *draft.HR, rules []draft.Rule, env, roleMap string) error {
	if err := os.MkdirAll(filepath.Dir(env), 0o700); err != nil {
		return usagef("--out: %v", err)
	}
	text, proposed := draft.RoleMapFile(rules, hr.Teams)
	values := draft.Settings{
		CompanyID: string(c.Company), HRCSV: absolute(hr.Path), LedgerDir: ledgerFor(c, env),
		RoleMap: absolute(roleMap), NoRules: proposed == 0,
	}
	if c.Procore.APIURL != settings.Default("PROCORE_API_URL") || c.Procore.LoginURL != settings.Default("PROCORE_LOGIN_URL") {
		values.APIURL, values.LoginURL = c.Procore.APIURL, c.Procore.LoginURL
	}
	if err := writeNew(roleMap, text); err != nil {
		return err
	}
	if err := writeNew(env, hr.EnvFile(values)); err != nil {
		return errors.Join(err, os.Remove(roleMap))
	}
	return nil
}

// ledgerFor returns the ledger folder for a draft: the one that is set, else a folder beside the draft.
func ledgerFor(c *settings.Config, env string) string {
	if dir := c.Ledger.Dir; dir != "" && dir != settings.Default("LEDGER_DIR") {
		return absolute(dir)
	}
	return absolute(filepath.Join(filepath.Dir(env), "runs"))
}

// writeNew writes a file that must not exist yet, readable only by its owner: it names teams and perhaps people.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return usagef("%v", err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// absolute returns a path that is valid wherever the command is run.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// sayNext says what to run next.
func (a *app) sayNext(hr *draft.HR, company procore.CompanyID, env, roleMap string) error {
	fmt.Fprintf(a.Prose(), "\nRead through %s and %s; then:\n", env, roleMap)
	var missing []string
	if company == "" {
		missing = append(missing, "PROCORE_COMPANY_ID")
	}
	for _, name := range []string{"PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET"} {
		// The next command does not read the file from which this setting came.
		if !isSet(a.Environ, name) && !isSet(a.Environ, name+"_FILE") {
			missing = append(missing, name)
		}
	}
	todo := hr.ToDo()
	if len(missing) > 0 {
		todo = append(todo, "fill in "+strings.Join(missing, " and "))
	}
	for _, command := range []string{"check", "plan"} {
		todo = append(todo, "assignee-sync "+command+" --env-file "+shellWord(env))
	}
	_, err := fmt.Fprintf(a.Stdout, "  %s\n", strings.Join(todo, "\n  "))
	return err
}
