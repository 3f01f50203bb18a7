package hrsource

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// fewRows is how many rows must be known before most of them are taken for people who are there.
const fewRows = 10

// guess says what an unknown word of so many rows may mean: by the word, or by what its rows have in common.
func (w *wordStatus) guess(header string, rows int) (status Status, sure bool) {
	switch status := GuessStatus(header, w.text); {
	case status != "":
		return status, true
	case w.ended == w.rows:
		return Terminated, false
	case w.ended == 0 && w.rows*2 > rows && rows >= fewRows:
		return Active, false
	default:
		return "?", false
	}
}

// mostProposed is how many unknown words a proposal has at most: with more, the column is no status.
const mostProposed = 50

// statusTodo proposes an HR_STATUS_VALUES in which every word is known, those that it has already among them.
func (in *Intake) statusTodo() string {
	wrong := in.statuses.wrong
	if len(wrong) > mostProposed {
		return "this is another column than the status of employment: say which is it in HR_CSV_COLUMNS, or name the values in HR_STATUS_VALUES"
	}
	values := map[Status][]string{}
	for folded, status := range in.format.StatusValues {
		values[status] = append(values[status], folded)
	}
	open, guessed := false, false
	for _, w := range wrong {
		status, sure := w.guess(in.called["status"], in.len())
		values[status] = append(values[status], w.text)
		open = open || status == "?"
		guessed = guessed || !sure && status != "?"
	}
	var entries []string
	for _, status := range slices.SortedFunc(maps.Keys(values), byStatus) {
		slices.Sort(values[status])
		for i, text := range values[status] {
			values[status][i] = SettingValue(text, ",|")
		}
		entries = append(entries, string(status)+"="+strings.Join(values[status], "|"))
	}
	todo := "set " + setting("HR_STATUS_VALUES", strings.Join(entries, ","))
	switch {
	case open:
		todo += " with active, leave, prehire or terminated for ?"
	case guessed:
		todo += " if that is what it means"
	}
	return todo
}

// byStatus orders statuses as people know them, and what is open last.
func byStatus(a, b Status) int {
	place := func(s Status) int {
		if i := slices.Index(statuses, s); i >= 0 {
			return i
		}
		return len(statuses)
	}
	return cmp.Compare(place(a), place(b))
}
