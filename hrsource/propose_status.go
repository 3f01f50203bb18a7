package hrsource

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// fewRows is how many rows must be known before it is assumed that most of them are people who are there.
const fewRows = 10

// guess returns what an unknown word may mean, judged by the word itself or by what its rows have in common.
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

// mostProposed is how many unknown words a proposal has at most. If there are more, the column is not a status.
const mostProposed = 50

// statusTodo proposes an HR_STATUS_VALUES under which every word is known, including those that it has already.
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

// byStatus orders statuses in the familiar order, with undecided ones last.
func byStatus(a, b Status) int {
	place := func(s Status) int {
		if i := slices.Index(statuses, s); i >= 0 {
			return i
		}
		return len(statuses)
	}
	return cmp.Compare(place(a), place(b))
}

// GuessStatus returns the status that a text usually means but is not assumed to mean without being told: a word of
// another language, a code, a word that means different things in different systems, or yes and no in a column whose
// header asks whether somebody is active. It is empty if there is no telling.
func GuessStatus(header, text string) Status {
	folded := foldStatus(text)
	if header = strings.ToLower(header); strings.Contains(header, "activ") || strings.Contains(header, "aktiv") {
		if status, known := yesAndNo[folded]; known {
			return status
		}
	}
	return foreignStatuses[folded]
}

// yesAndNo are answers to whether somebody is active.
var yesAndNo = statusNames(map[Status]string{
	Active:     "y, yes, j, ja, true, t, 1, wahr, oui, o, si, sí, s, sim, x",
	Terminated: "n, no, nein, false, f, 0, falsch, non, não",
})

// foreignStatuses are words that usually mean a status, but are not taken for it unless HR_STATUS_VALUES says so: those
// of other languages, codes, and words that mean different things in different systems. Folded by foldStatus.
//
//nolint:misspell // they are words of other languages
var foreignStatuses = statusNames(map[Status]string{
	Active: `a, act, aktiv, aktive, aktiver, beschäftigt, angestellt, im dienst, befristet, probezeit, actif, active, activo, activa, en poste, en activité,
		présent, alta, attivo, attiva, in servizio, ativo, ativa, em atividade, actief, in dienst, aktywny, aktywna, zatrudniony,
		aktivní, aktívny, aktív, aktiivinen, aktif, ansat, ansatt, anställd, hired, regular, full time, part time, permanent,
		在職, 在职, 在籍, 재직, активен, работает`,
	Leave: `l, beurlaubt, elternzeit, mutterschutz, karenz, ruhend, krank, en congé, congé, congé parental, congé maternité, permiso, excedencia,
		licencia, baja médica, in aspettativa, congedo, afastado, licença, met verlof, verlof, urlop, barsel, orlov, tjänstledig,
		休職, 休职, 휴직, suspended`,
	Prehire: `p, künftig, zukünftig, vor eintritt, à venir, futur, futuro, en incorporación, nog niet in dienst, new hire, onboarding,
		accepted, offer, 入社予定, 内定, 待入职`,
	Terminated: `t, term, i, x, inaktiv, ausgetreten, ausgeschieden, entlassen, ehemalig, ruhestand, rentner, inactif, inactive,
		parti, sorti, démissionné, licencié, retraité, inactivo, inactiva, baja, cesado, jubilado, inattivo, cessato, dimesso,
		inativo, desligado, demitido, inactief, uit dienst, nieaktywny, zwolniony, neaktivní, opsagt, fratrådt, sluttet, slutat,
		left, leaver, gone, ended, 退職, 退职, 離職, 离职, 퇴직, уволен`,
})
