package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/running"
)

// waitingFormats are the values of --format where running workflows are shown.
var waitingFormats = []string{"text", "csv", "json"}

func (a *app) runningCommand() *cobra.Command {
	var person string
	var o outputOptions
	c := a.command(&cobra.Command{
		Use:   "running",
		Short: "Show which running workflows wait for somebody who left, and who would be invited",
		Long: "A running workflow copied its preset when it started, so it may wait for somebody whom an apply has taken out since.\n" +
			"Looks afresh at everybody who was removed, or for one person in every project and tool. Writes nothing.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.running(ctx, cmd, person, o) })
	c.Flags().StringVar(&person, "person", "", "look for the person with this `EMAIL`, or login id, everywhere")
	o.flag(c, waitingFormats)
	a.readsSettings(c, nil)
	return c
}

func (a *app) running(ctx context.Context, cmd *cobra.Command, person string, o outputOptions) error {
	if err := o.check(waitingFormats); err != nil {
		return err
	}
	j, done, err := a.openJob(ctx, cmd, settings.Needs{Procore: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	list, err := a.watched(ctx, j, person)
	if err != nil {
		return err
	}
	found, err := j.FindWaiting(ctx, list)
	if err != nil {
		return err
	}
	plan, rows := running.PlanHandover(j.Company, j.Host, found, nil, j.MaxHandovers)
	rec := sync.Record{Run: sync.Run{Company: j.Company, Host: j.Host, Command: sync.CommandHandover, StartedAt: a.now().UTC()}, Waiting: rows}
	switch o.Format {
	case "csv":
		return report.RunningCSV(a.Stdout, rec)
	case "json":
		return printJSON(a.Stdout, waitingDocument{Digest: plan.Digest, Counts: sync.CountWaiting(rows), Waiting: rows})
	}
	err = a.text(func(w io.Writer) error {
		return report.Waiting(w, rec, report.TextOptions{Color: a.color(), Detail: report.DetailAll})
	})
	if err != nil {
		return err
	}
	if len(plan.Items) > 0 {
		fmt.Fprintf(a.Prose(), "Digest %s\n`%s` invites them: each gets an e-mail at once\n", plan.Digest[:sync.MinDigestPrefix], a.suggestHandover(person, plan))
	}
	return nil
}

// suggestHandover returns the command that hands over what was found.
func (a *app) suggestHandover(person string, plan *running.Plan) string {
	words := []string{"handover"}
	if person != "" {
		words = append(words, "--person", person)
	}
	if plan.Refused {
		return a.suggestApproving(plan.Digest, words...)
	}
	return a.suggest(words...)
}

// waitingDocument is what running --format json writes.
type waitingDocument struct {
	Digest  string           `json:"digest"` // of the hand-over that would be made
	Counts  *sync.WaitCounts `json:"counts"`
	Waiting []sync.Waiting   `json:"waiting"`
}

// watched returns whom to look for: everybody on the watch list, or one person in every project and tool. For one
// person it first says how many calls that takes.
func (a *app) watched(ctx context.Context, j *job.Job, person string) (running.WatchList, error) {
	list, err := j.Watched(ctx)
	if err != nil || person == "" {
		return list, err
	}
	who, err := j.FindPerson(ctx, person)
	if err != nil {
		return nil, err
	}
	places, err := j.Places(ctx)
	if err != nil {
		return nil, err
	}
	everywhere := running.Everywhere(who, places, list)
	a.Tell("looking for %s in %s (project and tool): %s where workflows run in each of them, and one for each workflow found",
		report.Clean(orText(who.Login, string(who.ID))), sync.Several(len(places), "place"), sync.Several(everywhere.Calls(a.now()), "call"))
	return everywhere, nil
}

func orText(text, other string) string {
	if strings.TrimSpace(text) == "" {
		return other
	}
	return text
}

func (a *app) handoverCommand() *cobra.Command {
	var person, to string
	var o applyOptions
	c := a.command(&cobra.Command{
		Use:   "handover",
		Short: "Invite successors to running workflows that wait for somebody who left",
		Long: "Invites those who take somebody's place to the current step of each workflow that waits for them. Procore e-mails them\n" +
			"at once, and an invitation can't be taken back. The leaver stays on the step. Asks before it sends anything.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		return a.handover(ctx, cmd, person, to, o)
	})
	o.flags(c)
	c.Flags().StringVar(&person, "person", "", "hand over for the person with this `EMAIL`, or login id, alone, wherever something waits for them")
	c.Flags().StringVar(&to, "to", "", "invite the person with this `EMAIL`, or login id: with --person, to all that waits for that person instead of the successors; without, only where there is no successor")
	a.readsSettings(c, nil)
	return c
}

func (a *app) handover(ctx context.Context, cmd *cobra.Command, person, to string, o applyOptions) error {
	if err := a.mayApply(o); err != nil {
		return err
	}
	c, j, done, err := a.openRun(ctx, cmd, settings.Needs{Procore: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	var invited *running.Named
	if to != "" {
		who, err := j.FindPerson(ctx, to)
		if err != nil {
			return err
		}
		invited = &running.Named{Who: who, Everywhere: person != ""}
		if person == "" {
			a.Tell("%s is invited only where nobody else has taken the place; with --person, to every workflow that waits for that person",
				report.Clean(orText(who.Login, string(who.ID))))
		}
	}
	list, err := a.watched(ctx, j, person)
	if err != nil {
		return err
	}
	for _, f := range []struct{ name, value string }{{"--person", person}, {"--to", to}} {
		if f.value != "" {
			j.Flags = joinWords(j.Flags, f.name, shellWord(f.value))
		}
	}
	return a.send(ctx, c, j, o, func() (sync.Record, error) {
		return j.HandOver(ctx, job.HandoverRequest{
			List: list, To: invited, Approve: o.approve, ApprovedBy: said(o.approvedBy), Reason: said(o.reason),
		})
	})
}
