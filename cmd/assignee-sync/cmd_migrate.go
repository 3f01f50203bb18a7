package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/migrations"
	"procore-assignee-sync/sync"
)

// migrateOptions are the flags of migrate.
type migrateOptions struct {
	status bool
	to     int
}

func (a *app) migrateCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "migrate",
		Short: "Create or upgrade the tables in Postgres",
		Long:  "Creates or upgrades the tables in the database of HR data or of the ledger. Views of your own are left alone.",
	})
	c.AddCommand(
		a.migrateSetCommand(migrations.HR, "the tables hr_team_members and role_mappings in HR_DATABASE_URL", settings.Needs{HRDatabase: true}),
		a.migrateSetCommand(migrations.Ledger, "the tables of the ledger in LEDGER_DATABASE_URL", settings.Needs{LedgerDatabase: true}),
	)
	return c
}

func (a *app) migrateSetCommand(set migrations.Set, what string, need settings.Needs) *cobra.Command {
	var o migrateOptions
	c := a.command(&cobra.Command{
		Use:   string(set),
		Short: "Create or upgrade " + what,
		Args:  cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		return a.migrate(ctx, cmd, set, need, o)
	})
	c.Flags().BoolVar(&o.status, "status", false, "only say which version the tables have")
	c.Flags().IntVar(&o.to, "to", 0, "migrate to version `N`, back too; without it to the latest")
	c.MarkFlagsMutuallyExclusive("status", "to")
	a.readsSettings(c)
	return c
}

func (a *app) migrate(ctx context.Context, cmd *cobra.Command, set migrations.Set, need settings.Needs, o migrateOptions) error {
	c, err := a.settings(ctx, cmd, need)
	if err != nil {
		return err
	}
	url := c.HR.DatabaseURL
	if set == migrations.Ledger {
		url = c.Ledger.DatabaseURL
	}
	if o.status {
		state, err := migrations.Status(ctx, url.Reveal(), set)
		if err != nil {
			return coded(migrateExit(err), err)
		}
		return printState(a.Stdout, state)
	}
	opts := migrations.Options{}
	if cmd.Flags().Changed("to") {
		opts.To = &o.to
	}
	result, err := migrations.Migrate(ctx, url.Reveal(), set, opts)
	if printErr := printMigrated(a.Stdout, result); err == nil && printErr != nil {
		return printErr
	}
	if err != nil {
		return coded(migrateExit(err), err)
	}
	return nil
}

// printMigrated says what was done, even if it stopped on the way.
func printMigrated(w io.Writer, r migrations.Result) error {
	for _, name := range r.Applied {
		if _, err := fmt.Fprintf(w, "applied %s\n", name); err != nil {
			return err
		}
	}
	if r.Place == "" {
		return nil
	}
	return printState(w, r.State)
}

func printState(w io.Writer, s migrations.State) error {
	_, err := fmt.Fprintf(w, "%s schema in %s: version %d of %d\n", s.Set, s.Place, s.Current, s.Latest)
	for _, name := range s.Pending {
		_, e := fmt.Fprintf(w, "pending %s\n", name)
		err = errors.Join(err, e)
	}
	for _, l := range s.LeftAlone {
		_, e := fmt.Fprintln(w, l)
		err = errors.Join(err, e)
	}
	return err
}

// migrateExit returns the exit code for an error: wrong usage, wrong configuration, or a database that is unreachable
// or busy.
func migrateExit(err error) int {
	var version *migrations.VersionError
	if errors.As(err, &version) {
		return sync.ExitUsage
	}
	return databaseExit(err)
}
