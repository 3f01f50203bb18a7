package manifests

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// cronJob returns the example's CronJob with one thing in it replaced.
func cronJob(t *testing.T, old, new string) []byte {
	t.Helper()
	for _, d := range render(t, filesys.MakeFsOnDisk(), deploy+"/overlays/example") {
		if text := string(d); strings.Contains(text, "kind: CronJob\n") {
			if !strings.Contains(text, old) {
				t.Fatalf("the CronJob has no %q", old)
			}
			return []byte(strings.Replace(text, old, new, 1))
		}
	}
	t.Fatal("the example has no CronJob")
	return nil
}

func TestWhatKubernetesWouldRefuseOrWarnOfIsRefusedHere(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a misspelt field": {
			"activeDeadlineSeconds:", "activeDeadlineSecond:", `unknown field "spec.jobTemplate.spec.activeDeadlineSecond"`,
		},
		"a field twice":           {"suspend: true", "suspend: true\n  suspend: true", `already set`},
		"a zone that is none":     {"timeZone: America/Denver", "timeZone: America/Denvr", "unknown time zone America/Denvr"},
		"a schedule that is none": {"schedule: 15 3 * * *", "schedule: 15 25 * * *", "spec.schedule: Invalid value"},
		"a pod that may become root": {
			"runAsNonRoot: true", "runAsNonRoot: false", `violates PodSecurity "restricted:latest": runAsNonRoot != true`,
		},
		"a pod with capabilities": {"- ALL", "- NET_RAW", "unrestricted capabilities"},
		"a variable twice": {
			"- name: PROCORE_CLIENT_ID_FILE", "- name: PROCORE_CLIENT_ID_FILE\n              value: /a\n            - name: PROCORE_CLIENT_ID_FILE",
			`warning: spec.jobTemplate.spec.template.spec.containers[0].env[1]: hides previous definition of "PROCORE_CLIENT_ID_FILE"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Admit(cronJob(t, c.old, c.new))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestAMisspeltFieldOfAnAlertIsRefused(t *testing.T) {
	const rule = "{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: a}, spec: {groups: [{name: b, rules: [{%s: c, expr: d}]}]}}"
	if _, err := Admit([]byte(strings.Replace(rule, "%s", "alert", 1))); err != nil {
		t.Error(err)
	}
	if _, err := Admit([]byte(strings.Replace(rule, "%s", "alrt", 1))); err == nil || !strings.Contains(err.Error(), `unknown field "alrt"`) {
		t.Errorf("got %v", err)
	}
}

func TestAFieldThatTheServerDropsOrFillsInAWholeListIsFound(t *testing.T) {
	const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, policyTypes: [Ingress], `
	for name, document := range map[string][]byte{
		"a list that is dropped":       []byte(policy + `ingress: []}}`),
		"a protocol that is filled in": []byte(policy + `ingress: [{ports: [{port: 443}]}]}}`),
		"a status that is filled in":   cronJob(t, "status: \"True\"\n            ", ""),
	} {
		t.Run(name, func(t *testing.T) {
			kept, err := Admit(document)
			if err != nil {
				t.Fatal(err)
			}
			if patch, err := SecondApply(document, kept); err != nil || patch == "{}" {
				t.Errorf("patch %s, %v", patch, err)
			}
		})
	}
}
