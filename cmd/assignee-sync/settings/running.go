package settings

import (
	"math"

	"procore-assignee-sync/sync"
)

// readRunning reads the settings about running workflows.
func (c *Config) readRunning(t texts, problems *problemList) {
	c.Running.Mode = sync.RunningMode(problems.oneOf("SYNC_RUNNING", t.Running,
		string(sync.RunningReport), string(sync.RunningOff), string(sync.RunningHandover)))
	c.Running.MaxHandovers = problems.whole("SYNC_MAX_HANDOVERS", t.MaxHandovers, 0, math.MaxInt)
}
