package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"procore-assignee-sync/sync"
)

// Table writes rows of cells in aligned columns, cleaned.
func Table(w io.Writer, rows ...[]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = Clean(c)
		}
		fmt.Fprintf(t, "  %s\n", strings.Join(cells, "\t"))
	}
	return t.Flush()
}

// Runs writes past runs as a table, in the given order: when, by whom, what changed, how it ended. It names the company
// if there are several.
func Runs(w io.Writer, list []sync.Summary, companies bool) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(company string, cells ...string) {
		if companies {
			cells = append([]string{cells[0], company}, cells[1:]...)
		}
		for i := range cells {
			cells[i] = Clean(cells[i])
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	row("COMPANY", "RUN", "STARTED (UTC)", "COMMAND", "BY", "CHANGES", "OUTCOME")
	for _, s := range list {
		row(string(s.Company), s.ID, s.StartedAt.UTC().Format(time.DateTime), string(s.Command), s.By, changed(s), RunEnded(s))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the list of runs: %w", err)
	}
	return nil
}

// changed says what a run changed or, for a dry run, would have changed.
func changed(s sync.Summary) string {
	if s.Command == sync.CommandPlan {
		return fmt.Sprintf("would add %s, remove %s", sync.Grouped(s.Planned.Additions), sync.Grouped(s.Planned.Removals))
	}
	if s.Outcome == "" {
		return "not known yet"
	}
	if s.Command == sync.CommandHandover && s.Running != nil {
		return sync.Grouped(s.Running.Invited) + " invited"
	}
	if s.Command == sync.CommandRespond {
		return sync.Several(answered(s.Responses), "workflow") + " answered"
	}
	text := fmt.Sprintf("%s applied in %s", sync.Grouped(s.Results.Applied-s.Results.AlreadySo), sync.Several(s.Results.PresetsWritten, "preset"))
	if n := s.Results.Failed + s.Results.Conflict + s.Results.NotAttempted; n > 0 {
		text += fmt.Sprintf(", %s not", sync.Grouped(n))
	}
	return text
}

// RunEnded says how a run ended, in a word or two.
func RunEnded(s sync.Summary) string {
	if s.Outcome == "" {
		return "not finished"
	}
	return fmt.Sprintf("%s (%d)", s.Outcome, s.ExitCode)
}

// RunFooter writes which run a report was about, and its final line.
func RunFooter(w io.Writer, rec sync.Record) error {
	buf := bufio.NewWriter(w)
	fmt.Fprintf(buf, "\n%s\n", Clean(fmt.Sprintf("run %s by %s: %s", rec.Run.ID, rec.Run.By, cmp.Or(rec.FinalLine(), "not finished"))))
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the run's final line: %w", err)
	}
	return nil
}
