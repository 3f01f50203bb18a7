package sandbox

// SampleOptions say what company to make up. The same options give the same bytes.
type SampleOptions struct {
	Seed      int64
	Projects  int // 6 where zero
	Templates int // project-level templates, 3 where zero; each has a preset in every project
	Groups    int // groups that the role map fills in each template, 4 where zero
	Rows      int // HR rows at least; rows of field crews, who fill no group, make up the number

	// Hidden projects are invisible to the service account; they come on top of Projects.
	Hidden int

	// Plain leaves out the company-level template, the correspondence template and everything odd: leftover and missing
	// groups, people whom Procore does not know or does not admit.
	Plain bool

	// InSync makes HR equal to the presets but for Drift, the share of presets (0 to 1) that each differ by one person.
	InSync bool
	Drift  float64
}

// Sample is a company in the simulated Procore with the HR data that belongs to it.
type Sample struct {
	Company    *Company
	HRCSV      []byte // canonical columns
	RoleMapCSV []byte // template,group,team,role
}
