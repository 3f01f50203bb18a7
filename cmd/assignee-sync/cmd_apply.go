package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

// applyOptions are the flags of apply and rollback.
type applyOptions struct {
	outputOptions
	yes                         bool
	approve, approvedBy, reason string
	refresh, access             bool
}

func (o *applyOptions) flags(c *cobra.Command) {
	o.flag(c, formats)
	o.detailFlags(c)
	c.Flags().BoolVar(&o.yes, "yes", false, "do not ask; needed where nobody sits at a terminal")
	c.Flags().StringVar(&o.approve, "approve", "", "allow the plan with this `DIGEST` despite the gates that refuse it")
	c.Flags().StringVar(&o.approvedBy, "approved-by", "", "`WHO` approved it, for the record")
	c.Flags().StringVar(&o.reason, "reason", "", "`WHY`, for the record")
}

func (a *app) applyCommand() *cobra.Command {
	var o applyOptions
	c := a.command(&cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Make the assignees in Procore what HR says, or apply a saved plan",
		Long: "Plans as `plan` does and sends what differs, or applies the plan that `plan --out PLAN` saved. Asks before it sends\n" +
			"anything. Each preset is read again before it is written, and what was there is on disk first, for `rollback`.",
		Args: cobra.MaximumNArgs(1),
	}, func(ctx context.Context, cmd *cobra.Command, args []string) error { return a.apply(ctx, cmd, args, o) })
	o.flags(c)
	c.Flags().BoolVar(&o.refresh, "refresh", false, "look for presets in every project again, whatever is remembered")
	c.Flags().BoolVar(&o.access, "access", false, accessUsage)
	a.readsSettings(c, settings.SourceFlags(), settings.LimitFlags())
	return c
}

func (a *app) apply(ctx context.Context, cmd *cobra.Command, args []string, o applyOptions) error {
	if err := a.mayApply(o); err != nil {
		return err
	}
	need := settings.Needs{Procore: true, HR: true, Limits: true, Ledger: true}
	var saved *sync.PlanFile
	if len(args) == 1 {
		if flags := given(cmd, settings.SourceFlags(), settings.LimitFlags(), []settings.Flag{{Name: "refresh"}, {Name: "access"}}); len(flags) > 0 {
			return usagef("%s can't go with a saved plan: it was made with what held then", strings.Join(flags, ", "))
		}
		var err error
		if saved, err = ledger.LoadPlan(args[0]); err != nil {
			return coded(sync.ExitConfig, err)
		}
		need.HR = false
	}
	c, err := a.settings(ctx, cmd, need)
	if err != nil {
		return err
	}
	if !o.yes && c.HR.FromStdin {
		return usagef("HR data comes from standard input, so nobody can be asked there: --yes is needed")
	}
	j, done, err := a.newRun(ctx, c)
	if err != nil {
		return err
	}
	defer done()
	j.Refresh, j.Access = o.refresh, j.Access || o.access
	if saved != nil {
		j.Flags = joinWords(j.Flags, shellWord(args[0]))
	}
	return a.send(ctx, c, j, o, func() (sync.Record, error) {
		return j.Apply(ctx, job.ApplyRequest{Saved: saved, Approve: o.approve, ApprovedBy: said(o.approvedBy), Reason: said(o.reason)})
	})
}

// mayApply refuses flags that make no sense, and to begin what nobody here can confirm, before anything is read.
func (a *app) mayApply(o applyOptions) error {
	if err := o.sane(); err != nil {
		return err
	}
	if !o.yes && !a.canAsk() {
		return errNobodyToAsk()
	}
	return nil
}

// said returns what a person gave for the record. It is empty if a suggested command was run without filling in the
// blank.
func said(text string) string {
	if strings.TrimSpace(text) == report.ToFillIn {
		return ""
	}
	return text
}

func errNobodyToAsk() error {
	return usagef("nobody can be asked here, since this is not a terminal: --yes is needed")
}

// sane refuses flags that make no sense.
func (o *applyOptions) sane() error {
	if err := o.check(formats); err != nil {
		return err
	}
	if o.approve != "" {
		if _, err := sync.ParseDigest(o.approve); err != nil {
			return usagef("--approve: %v", err)
		}
	}
	if o.approvedBy != "" && o.approve == "" {
		return usagef("--approved-by says who approved a plan: it goes with --approve DIGEST")
	}
	return nil
}

// send does a run that writes, and shows the result.
func (a *app) send(ctx context.Context, c *settings.Config, j *job.Job, o applyOptions, do func() (sync.Record, error)) error {
	asked, goesOn := false, true
	if !o.yes {
		confirm := a.confirm(ctx, o.outputOptions)
		j.Confirm = func(rec sync.Record) (yes bool, err error) {
			asked = true
			yes, err = confirm(rec)
			goesOn = yes && err == nil
			return yes, err
		}
	}
	rec, err := do()
	a.ran(rec)
	if err != nil && rec.Plan == nil {
		return err
	}
	a.sayWhere(c, rec)
	if !goesOn && o.Format == "text" {
		return err // the plan has just been shown, and nothing else happened
	}
	if showErr := a.show(rec, o.outputOptions, report.TextOptions{ResultOnly: asked, NoNames: a.manyRead(o)}); showErr != nil && err == nil {
		a.notRan()
		return coded(unshown(rec), showErr)
	}
	if err != nil {
		return err
	}
	return ended(rec.Summary.ExitCode)
}

// manyRead reports whether what is printed goes into a log that many people can read, such as a pod's. It then names
// nobody, unless details are asked for; the reports in the ledger do name people.
func (a *app) manyRead(o applyOptions) bool { return o.yes && !o.details && inPod(a.Environ) }

// unshown returns the exit code of a run that ended but whose result could not be written out.
func unshown(rec sync.Record) int {
	if rec.Summary.ExitCode == sync.ExitDone {
		return sync.ExitIncomplete
	}
	return rec.Summary.ExitCode
}
