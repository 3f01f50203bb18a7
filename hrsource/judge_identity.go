package hrsource

import (
	"strings"
	"unicode/utf8"
)

// employeeID reads the employee id of the row. A filler counts as none.
func (j *judgement) employeeID() string {
	id := stripUnseen(unformula(value(j.raw.EmployeeID)))
	if IsFiller(id) {
		return ""
	}
	return j.identifier("employee_id", id)
}

// identity rejects a row that does not say whom it is about.
func (j *judgement) identity() {
	id := stripUnseen(unformula(value(j.raw.EmployeeID)))
	switch {
	case value(j.raw.Email) != "" || id != "" && !IsFiller(id):
	case id != "":
		j.fault(finding{
			column: "employee_id", value: id, family: "filler", of: strings.ToLower(id), others: "fillers as employee ids, without an email",
			what: j.in.name("employee_id") + " " + quote(shorten(id)) + " identifies nobody, and there is no " + j.in.name("email"),
			todo: "write the person's own id or e-mail",
		})
	default:
		j.fault(finding{
			column: "employee_id", family: "no identity",
			what: "neither " + j.in.name("employee_id") + " nor " + j.in.name("email") + " says who this is",
		})
	}
}

// address reads an e-mail address. An invalid one is kept as it is, since it may still say whom the row is about, but
// it is not shown.
func (j *judgement) address(column, cell string) (address string, valid bool) {
	before := len(j.faults)
	address = j.text(column, FoldAddress(unformula(value(cell))))
	if address == "" || len(j.faults) > before {
		return "", false
	}
	wrong := addressFault(address)
	switch {
	case wrong == "":
		return address, true
	case IsFiller(address):
		j.fault(finding{
			column: column, value: address, what: j.in.name(column) + " " + quote(address) + " is not an e-mail address",
			todo: "leave the cell empty where somebody has none", family: "filler " + column, of: address,
		})
	default:
		j.fault(finding{
			column: column, what: j.in.name(column) + " is not an e-mail address: " + wrong,
			todo: "one address, and nothing else, belongs there", family: "address " + column, of: wrong,
		})
	}
	return address, false
}

// CleanID returns an employee id as it is compared, in HR and in Procore alike: trimmed and without invisible
// characters. A filler returns nothing, since it identifies nobody. Leading zeros are kept.
func CleanID(id string) string {
	if id = stripUnseen(id); IsFiller(id) {
		return ""
	}
	return id
}

// fillerWords are words that people enter for an employee id when the field must not be left empty, in lower case.
var fillerWords = map[string]bool{
	"n/a": true, "na": true, "#n/a": true, "none": true, "null": true, "nil": true, "tbd": true, "tba": true, "unknown": true,
	"contractor": true, "temp": true, "external": true,
}

// IsFiller reports whether an employee id stands for none, in upper or lower case: one of the usual words; `0`, `x`,
// `-`, `.` or `?` any number of times; or any other character at least four times, such as 999999.
func IsFiller(id string) bool {
	id = strings.ToLower(strings.TrimSpace(id))
	if fillerWords[id] {
		return true
	}
	first, size := utf8.DecodeRuneInString(id)
	if size == 0 || strings.Trim(id, string(first)) != "" {
		return false
	}
	return strings.ContainsRune("0x-.?", first) || utf8.RuneCountInString(id) >= 4
}
