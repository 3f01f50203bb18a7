package hrsource

// StatusOf returns the status that HR's text names, with the names of HR_STATUS_VALUES and the usual ones; ok reports
// whether it names one. Text that is empty names active.
func (f RowFormat) StatusOf(text string) (status Status, ok bool) { return f.status(text) }

// GuessStatus returns the status that a text usually means which is not taken for it without being told: a word of another
// language, a code, or a word that means different things in different systems. It is empty where nobody can say.
func GuessStatus(text string) Status { return foreignStatuses[foldStatus(text)] }

// SettingValue returns a value as it stands in a setting such as HR_CSV_COLUMNS: in quotes where it has one of the
// characters that part values there.
func SettingValue(value, parting string) string { return settingValue(value, parting) }
