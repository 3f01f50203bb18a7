package settings

import "math"

// readRunning reads what a run does about running workflows.
func (c *Config) readRunning(t texts, problems *problemList) {
	c.Running.Mode = problems.oneOf("SYNC_RUNNING", t.Running, RunningReport, RunningOff, RunningHandover)
	c.Running.MaxHandovers = problems.whole("SYNC_MAX_HANDOVERS", t.MaxHandovers, 0, math.MaxInt)
}
