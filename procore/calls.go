package procore

import (
	"maps"
	"slices"
	"sync"
)

// CallCount is the number of requests to one endpoint.
type CallCount struct {
	Endpoint  string `json:"endpoint"` // the operationId in Procore's OpenAPI document
	Requests  int    `json:"requests"` // sent, including retries
	Retries   int    `json:"retries"`
	Throttled int    `json:"throttled"` // answered 429
}

// The endpoints, by operationId.
const (
	endpointToken                    = "createToken"
	endpointProjects                 = "listProjects"
	endpointUsers                    = "listCompanyUsers"
	endpointInactiveUsers            = "listInactiveCompanyUsers"
	endpointTools                    = "listWorkflowTools"
	endpointTemplates                = "listWorkflowTemplates"
	endpointVersion                  = "getTemplateVersion"
	endpointProjectPresets           = "listProjectPresets"
	endpointCompanyPresets           = "listCompanyPresets"
	endpointProjectPreset            = "getProjectPreset"
	endpointCompanyPreset            = "getCompanyPreset"
	endpointProjectAssignees         = "updateProjectPresetAssignees"
	endpointCompanyAssignees         = "updateCompanyPresetAssignees"
	endpointProjectPossibleAssignees = "listProjectPossibleAssignees"
	endpointCompanyPossibleAssignees = "listCompanyPossibleAssignees"
	endpointProjectInstances         = "listProjectInstances"
	endpointCompanyInstances         = "listCompanyInstances"
	endpointProjectInstance          = "getProjectInstance"
	endpointCompanyInstance          = "getCompanyInstance"
	endpointProjectInvitation        = "addProjectInstanceAssignees"
	endpointCompanyInvitation        = "addCompanyInstanceAssignees"
	endpointProjectResponse          = "respondToProjectInstance"
	endpointCompanyResponse          = "respondToCompanyInstance"
	endpointMe                       = "getOwnCompanyUser"
)

// calls counts requests by endpoint.
type calls struct {
	mu sync.Mutex
	by map[string]*CallCount
}

func (c *calls) update(endpoint string, change func(*CallCount)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = make(map[string]*CallCount)
	}
	n := c.by[endpoint]
	if n == nil {
		n = &CallCount{Endpoint: endpoint}
		c.by[endpoint] = n
	}
	change(n)
}

// sent counts a request that is about to be sent; again says that it was sent before.
func (c *calls) sent(endpoint string, again bool) {
	c.update(endpoint, func(n *CallCount) {
		n.Requests++
		if again {
			n.Retries++
		}
	})
}

func (c *calls) throttled(endpoint string) {
	c.update(endpoint, func(n *CallCount) { n.Throttled++ })
}

func (c *calls) sorted() []CallCount {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]CallCount, 0, len(c.by))
	for _, endpoint := range slices.Sorted(maps.Keys(c.by)) {
		out = append(out, *c.by[endpoint])
	}
	return out
}
