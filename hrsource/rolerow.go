package hrsource

// roleFault is what is wrong with a row of a role map.
type roleFault struct{ column, what, hint string }

// faults returns what is wrong with a row of a role map, whether it stands in a file or in the table.
func (r RoleRow) faults() []roleFault {
	var faults []roleFault
	for _, cell := range []struct {
		column, text string
		any          bool // whether `*` is allowed
	}{{"template", r.Template, true}, {"group", r.Group, false}, {"team", r.Team, false}, {"role", r.Role, true}} {
		switch {
		case cell.text == "" && cell.any:
			faults = append(faults, roleFault{cell.column, "the cell is empty", "write its name, or * for any"})
		case cell.text == "":
			faults = append(faults, roleFault{cell.column, "the cell is empty", "write its name"})
		case cell.text == "*" && !cell.any:
			faults = append(faults, roleFault{cell.column, "* is not allowed here", "name each " + cell.column + " in a row of its own"})
		}
	}
	return faults
}
