package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"procore-assignee-sync/sync"
)

// Group is a group of a template that the role map can name.
type Group struct{ Template, Name string }

// Rule is one row of the role map; Team is empty if it is not known which team fills the group.
type Rule struct{ Template, Group, Team, Role string }

// Rules proposes for each group the team that seems to fill it: one whose name, or a role's name, is like the group's.
func Rules(groups []Group, teams []Team) []Rule {
	var rules []Rule
	for _, g := range groups {
		rule := Rule{Template: g.Template, Group: g.Name}
		rule.Team, rule.Role = teamFor(g.Name, teams)
		if !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// teamFor finds the team, and the role in it, whose name is like a group's.
func teamFor(group string, teams []Team) (team, role string) {
	for _, t := range teams {
		if alike(group, t.Name) {
			return t.Name, "*"
		}
	}
	for _, t := range teams {
		for _, role := range t.Roles {
			if alike(group, role) {
				return t.Name, role
			}
		}
	}
	// Legal does a "Legal Review", and a "Finance Approver" comes from Finance.
	for _, t := range teams {
		if isPart(english(t.Name), english(group)) {
			return t.Name, "*"
		}
	}
	return "", ""
}

// alike reports whether two names are the same, apart from a typo.
func alike(a, b string) bool {
	return len(sync.NearNames(a, []string{b})) > 0 || len(sync.NearNames(english(a), []string{english(b)})) > 0
}

// isPart reports whether all words of a name are among those of another.
func isPart(name, of string) bool {
	words, all := strings.Fields(name), strings.Fields(of)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(all, w) })
}

// aside matches additions to a team's name: the person in "Safety (Ruth Calloway)", the number in "CC-1200 Legal".
var aside = regexp.MustCompile(`\s*[(\[].*?[)\]]|^[A-Za-z]{0,4}[-_ ]?\d[\d.]*\s*[-–:]?\s+`)

// english returns a name's words in English, folded, if they are usual names of departments in another language. A
// template's groups are often named in the language of Procore's administrator, and teams in that of HR.
func english(name string) string {
	name = strings.ToLower(strings.TrimSpace(aside.ReplaceAllString(name, "")))
	if translated, ok := departments[name]; ok {
		return translated
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if translated, ok := departments[w]; ok {
			words[i] = translated
		}
	}
	return strings.Join(words, " ")
}

// departments maps usual names of departments and functions to English.
var departments = func() map[string]string {
	all := map[string]string{}
	for name, others := range map[string]string{
		"legal":              "recht, rechtsabteilung, juridique, jurídico, juridisch",
		"finance":            "finanzen, finanzabteilung, finances, finanzas, financiën",
		"accounting":         "buchhaltung, rechnungswesen, comptabilité, contabilidad, boekhouding",
		"procurement":        "einkauf, beschaffung, purchasing, achats, compras, inkoop",
		"safety":             "health and safety, hse, ehs, sicherheit, arbeitssicherheit, arbeitsschutz, sécurité, seguridad, veiligheid",
		"quality":            "qualität, qualitätssicherung, qualité, calidad, kwaliteit",
		"engineering":        "technik, ingenieurwesen, ingénierie, ingeniería",
		"estimating":         "kalkulation, étude de prix, presupuestos, calculatie",
		"project management": "projektleitung, projektmanagement, gestion de projet, dirección de proyectos, projectleiding",
		"project manager":    "projektleiter, projektleiterin, projektmanager, chef de projet, jefe de proyecto, projectleider",
		"superintendent":     "bauleiter, bauleiterin, polier, oberbauleiter, chef de chantier, jefe de obra, uitvoerder",
		"site supervision":   "bauleitung, bauüberwachung, conduite de travaux, dirección de obra",
		"executive":          "geschäftsführung, geschäftsleitung, direction, dirección",
	} {
		for other := range strings.SplitSeq(others, ", ") {
			all[other] = name
		}
	}
	return all
}()
