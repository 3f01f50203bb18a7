package sandbox

// SampleOptions say what company to make up. The same options give the same bytes.
type SampleOptions struct {
	Seed      int64
	Projects  int // 6 where zero
	Templates int // project-level templates, 3 where zero; each has a preset in every project
	Groups    int // groups that the role map fills in each template, 4 where zero
	Rows      int // HR rows at least; rows of field crews, who fill no group, make up the number

	// Hidden projects are invisible to the service account; they come on top of Projects and have presets too.
	Hidden int

	// Plain leaves out the company-level template, the correspondence template and everything odd: leftover and missing
	// groups, people whom Procore does not know or does not admit, projects that are not to be read.
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

// NewSample makes up a construction company and its HR data. Unless InSync is set they differ as they do in life: people
// joined, left and moved; and, unless Plain is set, one is unknown to Procore, one lacks access to a tool, and one left
// a group with nobody else in it. Removals stay well under the default limits.
func NewSample(o SampleOptions) *Sample {
	o = o.withDefaults()
	b := newBuilder(o.Seed, "Harborline Builders")
	slots := makeSlots(o)
	b.addTemplates(o, slots)
	b.addProjects(o)
	b.staff(slots)
	if !o.InSync {
		b.happen(o, slots)
	}
	b.hireOthers(o)
	b.writeHR(o, slots)
	b.fillProjects(slots)
	b.addPresets(o, slots)
	if o.InSync {
		b.drift(o.Drift)
	}
	b.addInstances()
	return b.sample()
}

func (o SampleOptions) withDefaults() SampleOptions {
	for _, d := range []struct {
		value     *int
		otherwise int
	}{{&o.Projects, 6}, {&o.Templates, 3}, {&o.Groups, 4}} {
		if *d.value <= 0 {
			*d.value = d.otherwise
		}
	}
	return o
}
