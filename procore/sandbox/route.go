package sandbox

import "strings"

// operation is one operation of the API document.
type operation int

const (
	opUnknown operation = iota
	opCreateToken
	opListProjects
	opListCompanyProjects
	opListCompanyUsers
	opListInactiveCompanyUsers
	opListWorkflowTools
	opListWorkflowTemplates
	opGetTemplateVersion
	opListProjectPresets
	opListCompanyPresets
	opGetProjectPreset
	opGetCompanyPreset
	opUpdateProjectPresetAssignees
	opUpdateCompanyPresetAssignees
	opListProjectPossibleAssignees
	opListCompanyPossibleAssignees
	opListProjectInstances
	opListCompanyInstances
	opGetProjectInstance
	opGetCompanyInstance
	opAddProjectInstanceAssignees
	opAddCompanyInstanceAssignees
	opRespondToProjectInstance
	opRespondToCompanyInstance
	opGetOwnCompanyUser
	opGetOwnUser       // not in the document, like the two after it; other callers begin with these
	opListCompanies    //
	opListProjectsV1_0 //
	operations         // how many there are
)

const (
	inCompany = "/rest/v2.0/companies/{company}/workflows/"
	inProject = "/rest/v2.0/companies/{company}/projects/{project}/workflows/"
)

// operationIDs are the names in the API document.
var operationIDs = [operations]string{
	opUnknown:                      "unknown",
	opCreateToken:                  "createToken",
	opListProjects:                 "listProjects",
	opListCompanyProjects:          "listCompanyProjects",
	opListCompanyUsers:             "listCompanyUsers",
	opListInactiveCompanyUsers:     "listInactiveCompanyUsers",
	opListWorkflowTools:            "listWorkflowTools",
	opListWorkflowTemplates:        "listWorkflowTemplates",
	opGetTemplateVersion:           "getTemplateVersion",
	opListProjectPresets:           "listProjectPresets",
	opListCompanyPresets:           "listCompanyPresets",
	opGetProjectPreset:             "getProjectPreset",
	opGetCompanyPreset:             "getCompanyPreset",
	opUpdateProjectPresetAssignees: "updateProjectPresetAssignees",
	opUpdateCompanyPresetAssignees: "updateCompanyPresetAssignees",
	opListProjectPossibleAssignees: "listProjectPossibleAssignees",
	opListCompanyPossibleAssignees: "listCompanyPossibleAssignees",
	opListProjectInstances:         "listProjectInstances",
	opListCompanyInstances:         "listCompanyInstances",
	opGetProjectInstance:           "getProjectInstance",
	opGetCompanyInstance:           "getCompanyInstance",
	opAddProjectInstanceAssignees:  "addProjectInstanceAssignees",
	opAddCompanyInstanceAssignees:  "addCompanyInstanceAssignees",
	opRespondToProjectInstance:     "respondToProjectInstance",
	opRespondToCompanyInstance:     "respondToCompanyInstance",
	opGetOwnCompanyUser:            "getOwnCompanyUser",
	opGetOwnUser:                   "getOwnUser",
	opListCompanies:                "listCompanies",
	opListProjectsV1_0:             "listProjectsV1_0",
}

// String returns the operationId.
func (op operation) String() string { return operationIDs[op] }

// routes say, by operation, what is served where.
var routes = [operations]struct {
	method  string
	pattern []string
	serve   func(*Server, *call) reply
}{
	opCreateToken:                  {"POST", segments("/oauth/token"), (*Server).createToken},
	opListProjects:                 {"GET", segments("/rest/v1.1/projects"), (*Server).listProjects},
	opListCompanyProjects:          {"GET", segments("/rest/v1.0/companies/{company}/projects"), (*Server).listCompanyProjects},
	opListCompanyUsers:             {"GET", segments("/rest/v1.3/companies/{company}/users"), (*Server).listCompanyUsers},
	opListInactiveCompanyUsers:     {"GET", segments("/rest/v1.0/companies/{company}/users/inactive"), (*Server).listInactiveCompanyUsers},
	opListWorkflowTools:            {"GET", segments(inCompany + "tools"), (*Server).listWorkflowTools},
	opListWorkflowTemplates:        {"GET", segments(inCompany + "templates"), (*Server).listWorkflowTemplates},
	opGetTemplateVersion:           {"GET", segments(inCompany + "templates/versions/{id}"), (*Server).getTemplateVersion},
	opListProjectPresets:           {"GET", segments(inProject + "presets"), (*Server).listPresets},
	opListCompanyPresets:           {"GET", segments(inCompany + "presets"), (*Server).listPresets},
	opGetProjectPreset:             {"GET", segments(inProject + "presets/{id}"), (*Server).getPreset},
	opGetCompanyPreset:             {"GET", segments(inCompany + "presets/{id}"), (*Server).getPreset},
	opUpdateProjectPresetAssignees: {"PATCH", segments(inProject + "presets/{id}/assignees"), (*Server).updateAssignees},
	opUpdateCompanyPresetAssignees: {"PATCH", segments(inCompany + "presets/{id}/assignees"), (*Server).updateAssignees},
	opListProjectPossibleAssignees: {"GET", segments(inProject + "possible_assignees"), (*Server).listPossibleAssignees},
	opListCompanyPossibleAssignees: {"GET", segments(inCompany + "possible_assignees"), (*Server).listPossibleAssignees},
	opListProjectInstances:         {"GET", segments(inProject + "instances"), (*Server).listInstances},
	opListCompanyInstances:         {"GET", segments(inCompany + "instances"), (*Server).listInstances},
	opGetProjectInstance:           {"GET", segments(inProject + "instances/{id}"), (*Server).getInstance},
	opGetCompanyInstance:           {"GET", segments(inCompany + "instances/{id}"), (*Server).getInstance},
	opAddProjectInstanceAssignees:  {"POST", segments(inProject + "instances/{id}/additional_assignees"), (*Server).addAssignees},
	opAddCompanyInstanceAssignees:  {"POST", segments(inCompany + "instances/{id}/additional_assignees"), (*Server).addAssignees},
	opRespondToProjectInstance:     {"POST", segments(inProject + "instances/{id}/responses"), (*Server).respond},
	opRespondToCompanyInstance:     {"POST", segments(inCompany + "instances/{id}/responses"), (*Server).respond},
	opGetOwnCompanyUser:            {"GET", segments("/rest/v1.3/companies/{company}/me"), (*Server).getOwnCompanyUser},
	opGetOwnUser:                   {"GET", segments("/rest/v1.0/me"), (*Server).getOwnUser},
	opListCompanies:                {"GET", segments("/rest/v1.0/companies"), (*Server).listCompanies},
	opListProjectsV1_0:             {"GET", segments("/rest/v1.0/projects"), (*Server).listProjects},
}

// isOfInstance reports whether the id in an operation's path is a workflow's.
func (op operation) isOfInstance() bool {
	return op >= opGetProjectInstance && op <= opRespondToCompanyInstance
}

func segments(path string) []string { return strings.Split(path, "/")[1:] }

// route returns the operation that a request asks for, and the ids in its path.
func route(method, path string) (operation, pathIDs) {
	parts := segments(path)
	for op := opCreateToken; op < operations; op++ {
		if routes[op].method != method {
			continue
		}
		if ids, ok := match(routes[op].pattern, parts); ok {
			return op, ids
		}
	}
	return opUnknown, pathIDs{}
}

// pathIDs are the ids in a path.
type pathIDs struct{ company, project, id string }

func match(pattern, parts []string) (pathIDs, bool) {
	var ids pathIDs
	if len(pattern) != len(parts) {
		return ids, false
	}
	for i, want := range pattern {
		switch want {
		case "{company}":
			ids.company = parts[i]
		case "{project}":
			ids.project = parts[i]
		case "{id}":
			ids.id = parts[i]
		default:
			if want != parts[i] {
				return ids, false
			}
		}
	}
	return ids, true
}
