package sandbox

import (
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// Company is everything that the simulated Procore contains when it starts. All ids except UUIDs are whole numbers of
// at most 64 bits, as text.
type Company struct {
	ID        procore.CompanyID
	Name      string
	Users     []User
	Projects  []Project
	Tools     []Tool
	Templates []Template
	Versions  []Version
	Presets   []Preset
	Instances []Instance // running workflows and some that have ended

	// Me is the person to whom the credentials belong; empty means nobody in the directory.
	Me procore.LoginID

	// Denied lists people of a project (or of the company, if Project is empty) who lack access to one tool, and so are
	// not possible assignees there.
	Denied []Denial
}

// User is a person in the company's directory.
type User struct {
	ID         procore.LoginID
	Login      string // as workflows show it; if empty, workflows show only the id
	Email      string // the directory's contact address; may differ from Login
	EmployeeID string
	FirstName  string
	LastName   string
	JobTitle   string
	Active     bool // inactive people are only in the list of inactive users, and never possible assignees
}

// Name returns the person's full name.
func (u User) Name() string {
	if u.FirstName == "" {
		return u.LastName
	}
	return u.FirstName + " " + u.LastName
}

// Visibility says what the service account can see of a project.
type Visibility int

// What the service account can see of a project.
const (
	Visible Visibility = iota
	Hidden             // in no list of projects; its paths answer 404
	Gone               // listed; its workflow paths answer 404
	Denied             // listed; its workflow paths answer 403
)

// Project is a project of the company.
type Project struct {
	ID         procore.ProjectID
	Name       string
	Number     string // project_number; an empty one is sent as null
	Inactive   bool
	Demo       bool
	Template   bool // a project template, not a project
	Visibility Visibility

	// People are the people in the project's directory, in listing order. Nil means every active user.
	People []procore.LoginID
}

// Denial says that somebody lacks access to one tool in one project or, if Project is empty, in the company.
type Denial struct {
	Project procore.ProjectID
	Tool    procore.ToolRef
	Login   procore.LoginID
}

// Tool is a tool that can run workflows.
type Tool struct {
	procore.Tool
	Name string // a label
}

// Template is a workflow template. The number of projects that use it is counted from the presets.
type Template struct {
	ID        procore.TemplateID
	Name      string
	Tool      procore.ToolRef
	Archived  bool
	Published procore.VersionID // empty if there is only a draft
	Versions  []procore.VersionID
	UpdatedAt time.Time

	// MoreProjects is added to the counted assigned_projects_count, for projects that this company's data leaves out.
	MoreProjects int
}

// Version is one published configuration of a template.
type Version struct {
	procore.TemplateVersion
	Tool  procore.ToolRef
	Label string // such as "3"
}

// Preset is a template's configuration for one project, or for the company if Project is empty. Its published version
// is its template's.
type Preset struct {
	procore.PresetRef
	Template    procore.TemplateID
	Invalid     bool
	Default     bool
	Manager     procore.LoginID // empty if there is none
	Memberships []procore.GroupWrite
	Individual  []procore.IndividualAssignees
	UpdatedAt   time.Time
}

// clone returns a company whose presets, projects and templates can be changed without affecting c. Versions never
// change and are shared, and so are the lists of a project's people.
func (c *Company) clone() *Company {
	copied := *c
	copied.Users = slices.Clone(c.Users)
	copied.Projects = slices.Clone(c.Projects)
	copied.Tools = slices.Clone(c.Tools)
	copied.Versions = slices.Clone(c.Versions)
	copied.Denied = slices.Clone(c.Denied)
	copied.Templates = slices.Clone(c.Templates)
	for i := range copied.Templates {
		copied.Templates[i].Versions = slices.Clone(copied.Templates[i].Versions)
	}
	copied.Presets = make([]Preset, len(c.Presets))
	for i, p := range c.Presets {
		copied.Presets[i] = p.clone()
	}
	copied.Instances = make([]Instance, len(c.Instances))
	for i, in := range c.Instances {
		copied.Instances[i] = in.clone()
	}
	return &copied
}

func (p Preset) clone() Preset {
	p.Memberships = cloneGroups(p.Memberships)
	p.Individual = cloneIndividual(p.Individual)
	return p
}

func cloneIndividual(steps []procore.IndividualAssignees) []procore.IndividualAssignees {
	copied := slices.Clone(steps)
	for i := range copied {
		copied[i].Logins = slices.Clone(copied[i].Logins)
	}
	return copied
}

// cloneGroups copies groups with their people, who share one array.
func cloneGroups(groups []procore.GroupWrite) []procore.GroupWrite {
	people := 0
	for _, g := range groups {
		people += len(g.LoginIDs)
	}
	all := make([]procore.LoginID, 0, people)
	copied := slices.Clone(groups)
	for i, g := range groups {
		if g.LoginIDs == nil {
			continue
		}
		from := len(all)
		all = append(all, g.LoginIDs...)
		copied[i].LoginIDs = all[from:len(all):len(all)]
	}
	return copied
}

// equal compares everything except the time of the last change.
func (p Preset) equal(q Preset) bool {
	return p.PresetRef == q.PresetRef && p.Template == q.Template && p.Invalid == q.Invalid && p.Default == q.Default &&
		p.Manager == q.Manager && equalGroups(p.Memberships, q.Memberships) &&
		slices.EqualFunc(p.Individual, q.Individual, func(a, b procore.IndividualAssignees) bool {
			return a.Step == b.Step && slices.Equal(a.Logins, b.Logins)
		})
}

func equalGroups(a, b []procore.GroupWrite) bool {
	return slices.EqualFunc(a, b, func(x, y procore.GroupWrite) bool {
		return x.UUID == y.UUID && slices.Equal(x.LoginIDs, y.LoginIDs)
	})
}
