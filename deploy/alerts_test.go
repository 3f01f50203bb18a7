package deploy

import (
	"regexp"
	"strings"
	"testing"
)

// Prometheus writes the dots of OTLP names as underscores, and appends the unit of those that have one.
func TestAlertsAskForMetricsThatARunTells(t *testing.T) {
	told := map[string]bool{}
	for _, m := range regexp.MustCompile(`g\.(count|seconds)\("([a-z_.]+)"`).FindAllStringSubmatch(read(t, "../cmd/assignee-sync/telemetry/metrics.go"), -1) {
		name := strings.ReplaceAll(m[2], ".", "_")
		if m[1] == "seconds" {
			name += "_seconds"
		}
		told[name] = true
	}
	asked := regexp.MustCompile(`\bassignee_sync_[a-z_]+`).FindAllString(read(t, "components/alerts-telemetry/alerts.yaml"), -1)
	if len(told) < 5 || len(asked) < 5 {
		t.Fatalf("told %v, asked %v", told, asked)
	}
	for _, name := range asked {
		if !told[name] {
			t.Errorf("no run tells %s", name)
		}
	}
}
