package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// object is one Kubernetes object, as far as the promises go.
type object struct {
	Kind     string
	Metadata metadata
	Data     map[string]string
	Spec     struct {
		Suspend                 *bool
		Schedule                string
		TimeZone                string `yaml:"timeZone"`
		ConcurrencyPolicy       string `yaml:"concurrencyPolicy"`
		StartingDeadlineSeconds int    `yaml:"startingDeadlineSeconds"`
		JobTemplate             struct {
			Metadata metadata
			Spec     struct {
				BackoffLimit          *int `yaml:"backoffLimit"`
				ActiveDeadlineSeconds int  `yaml:"activeDeadlineSeconds"`
				Template              struct {
					Metadata metadata
					Spec     pod
				}
			}
		} `yaml:"jobTemplate"`
	}
}

type metadata struct {
	Name        string
	Labels      map[string]any
	Annotations map[string]any
}

type pod struct {
	RestartPolicy                 string `yaml:"restartPolicy"`
	ServiceAccountName            string `yaml:"serviceAccountName"`
	AutomountServiceAccountToken  *bool  `yaml:"automountServiceAccountToken"`
	EnableServiceLinks            *bool  `yaml:"enableServiceLinks"`
	TerminationGracePeriodSeconds int    `yaml:"terminationGracePeriodSeconds"`
	SecurityContext               struct {
		RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
		RunAsUser      int                   `yaml:"runAsUser"`
		SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []container
	Volumes    []volume
}

type container struct {
	Name, Image string
	Args        []string
	Env         []struct{ Name, Value string }
	EnvFrom     []struct {
		ConfigMapRef struct{ Name string } `yaml:"configMapRef"`
	} `yaml:"envFrom"`
	Resources       struct{ Limits, Requests map[string]any }
	SecurityContext struct {
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Privileged               bool
		Capabilities             struct{ Drop, Add []string }
	} `yaml:"securityContext"`
	TerminationMessagePolicy string `yaml:"terminationMessagePolicy"`
	VolumeMounts             []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

type volume struct {
	Name   string
	Secret struct {
		SecretName string `yaml:"secretName"`
	}
	ConfigMap             struct{ Name string } `yaml:"configMap"`
	PersistentVolumeClaim struct {
		ClaimName string `yaml:"claimName"`
	} `yaml:"persistentVolumeClaim"`
}

// built reads what kustomize makes of one folder, as .ci/manifests keeps it up to date.
func built(t *testing.T, name string) []object {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var objects []object
	for document := range strings.SplitSeq(string(content), "\n---\n") {
		var o object
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		objects = append(objects, o)
	}
	return objects
}

var builds = []string{"base", "example", "two-companies"}

// eachRun gives every CronJob of every build, with the objects beside it.
func eachRun(t *testing.T, promise func(t *testing.T, run object, all []object)) {
	for _, name := range builds {
		all, n := built(t, name), 0
		for _, o := range all {
			if o.Kind == "CronJob" {
				n++
				t.Run(name+"/"+o.Metadata.Name, func(t *testing.T) { promise(t, o, all) })
			}
		}
		if n == 0 {
			t.Errorf("%s has no CronJob", name)
		}
	}
}

func (o object) pod() pod { return o.Spec.JobTemplate.Spec.Template.Spec }

func (o object) job(t *testing.T) container {
	t.Helper()
	if len(o.pod().Containers) != 1 {
		t.Fatalf("%d containers", len(o.pod().Containers))
	}
	return o.pod().Containers[0]
}

// settings gives all that the container's environment holds.
func (o object) settings(t *testing.T, all []object) map[string]string {
	t.Helper()
	settings := map[string]string{}
	for _, from := range o.job(t).EnvFrom {
		i := slices.IndexFunc(all, func(c object) bool { return c.Kind == "ConfigMap" && c.Metadata.Name == from.ConfigMapRef.Name })
		if i < 0 {
			t.Fatalf("no ConfigMap %s", from.ConfigMapRef.Name)
		}
		maps.Copy(settings, all[i].Data)
	}
	for _, e := range o.job(t).Env {
		settings[e.Name] = e.Value
	}
	return settings
}

func TestARunIsShippedSuspendedAndNeverOverlapsOrRepeatsItself(t *testing.T) {
	eachRun(t, func(t *testing.T, run object, _ []object) {
		if run.Spec.Suspend == nil || !*run.Spec.Suspend {
			t.Error("it is not suspended")
		}
		if run.Spec.ConcurrencyPolicy != "Forbid" {
			t.Errorf("concurrencyPolicy is %q", run.Spec.ConcurrencyPolicy)
		}
		if limit := run.Spec.JobTemplate.Spec.BackoffLimit; limit == nil || *limit != 0 {
			t.Error("a run that was refused would be tried again: backoffLimit is not 0")
		}
		if run.pod().RestartPolicy != "Never" {
			t.Errorf("restartPolicy is %q", run.pod().RestartPolicy)
		}
		if run.Spec.TimeZone == "" || run.Spec.StartingDeadlineSeconds == 0 {
			t.Error("the start has no time zone or no deadline")
		}
		if got := run.job(t).Args; !slices.Equal(got, []string{"apply", "--yes"}) {
			t.Errorf("it runs %q", got)
		}
	})
}

func TestAPodHasTheLeastRightsThatItNeeds(t *testing.T) {
	eachRun(t, func(t *testing.T, run object, _ []object) {
		p, c := run.pod(), run.job(t)
		if !p.SecurityContext.RunAsNonRoot || p.SecurityContext.RunAsUser == 0 {
			t.Error("it may run as root")
		}
		if profile := p.SecurityContext.SeccompProfile.Type; profile != "RuntimeDefault" {
			t.Errorf("its seccomp profile is %q", profile)
		}
		if c.SecurityContext.Privileged || c.SecurityContext.AllowPrivilegeEscalation == nil || *c.SecurityContext.AllowPrivilegeEscalation {
			t.Error("it may gain privileges")
		}
		if !c.SecurityContext.ReadOnlyRootFilesystem {
			t.Error("it may write to its image")
		}
		if !slices.Equal(c.SecurityContext.Capabilities.Drop, []string{"ALL"}) || len(c.SecurityContext.Capabilities.Add) != 0 {
			t.Errorf("its capabilities: drop %q, add %q", c.SecurityContext.Capabilities.Drop, c.SecurityContext.Capabilities.Add)
		}
		if p.AutomountServiceAccountToken == nil || *p.AutomountServiceAccountToken {
			t.Error("it carries a token for Kubernetes")
		}
		if c.Resources.Limits["memory"] == nil || c.Resources.Requests["memory"] == nil {
			t.Error("its memory has no limit or no request")
		}
		for _, m := range c.VolumeMounts {
			if !m.ReadOnly && m.Name != "ledger" {
				t.Errorf("it may write to %s", m.MountPath)
			}
		}
	})
}

func TestEverySettingIsKnownAndNoSecretStandsInAManifest(t *testing.T) {
	known, secret := knownSettings(t)
	eachRun(t, func(t *testing.T, run object, all []object) {
		for name, value := range run.settings(t, all) {
			plain := strings.TrimSuffix(name, "_FILE")
			switch {
			case name == "GOMEMLIMIT": // the Go runtime's
			case !known[plain]:
				t.Errorf("%s is no setting", name)
			case secret[plain] && name == plain:
				t.Errorf("%s is a secret and stands in the manifest", name)
			case secret[plain] && !strings.HasPrefix(value, "/secrets/"):
				t.Errorf("%s is %q, outside the mounted secret", name, value)
			case plain != name && !secret[plain]:
				t.Errorf("%s: only secrets are given as files", name)
			}
		}
		for _, o := range all {
			if o.Kind == "Secret" {
				t.Errorf("Secret %s stands in the manifests", o.Metadata.Name)
			}
		}
		if c := run.job(t); c.TerminationMessagePolicy != "File" {
			t.Errorf("terminationMessagePolicy is %q: the end of a log may name people", c.TerminationMessagePolicy)
		}
	})
}

func TestHRDataComesFromExactlyOneSource(t *testing.T) {
	eachRun(t, func(t *testing.T, run object, all []object) {
		s := run.settings(t, all)
		if (s["HR_CSV"] == "") == (s["HR_DATABASE_URL_FILE"] == "") {
			t.Errorf("HR_CSV=%q HR_DATABASE_URL_FILE=%q", s["HR_CSV"], s["HR_DATABASE_URL_FILE"])
		}
	})
}

func TestARunEndsItselfBeforeKubernetesEndsIt(t *testing.T) {
	const requestTimeout = 30 * time.Second // the default of PROCORE_TIMEOUT
	eachRun(t, func(t *testing.T, run object, all []object) {
		own, err := time.ParseDuration(run.settings(t, all)["SYNC_MAX_DURATION"])
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.Duration(run.Spec.JobTemplate.Spec.ActiveDeadlineSeconds) * time.Second
		if deadline < own+10*time.Minute {
			t.Errorf("Kubernetes ends the run after %s, it ends itself after %s", deadline, own)
		}
		if grace := time.Duration(run.pod().TerminationGracePeriodSeconds) * time.Second; grace < requestTimeout+30*time.Second {
			t.Errorf("on SIGTERM it has %s: too short for a write in flight and the reports", grace)
		}
	})
}

func TestWhatAPodMountsIsThere(t *testing.T) {
	eachRun(t, func(t *testing.T, run object, all []object) {
		has := func(kind, name string) bool {
			return slices.ContainsFunc(all, func(o object) bool { return o.Kind == kind && o.Metadata.Name == name })
		}
		mounted := map[string]bool{}
		for _, m := range run.job(t).VolumeMounts {
			mounted[m.Name] = true
		}
		for _, v := range run.pod().Volumes {
			if !mounted[v.Name] {
				t.Errorf("volume %s is not mounted", v.Name)
			}
			if claim := v.PersistentVolumeClaim.ClaimName; claim != "" && !has("PersistentVolumeClaim", claim) {
				t.Errorf("there is no claim %s", claim)
			}
			// The base alone has no role map: a made-up one must never be applied by mistake.
			if name := v.ConfigMap.Name; name != "" && name != "assignee-sync-role-map" && !has("ConfigMap", name) {
				t.Errorf("there is no ConfigMap %s", name)
			}
		}
		if !has("ServiceAccount", run.pod().ServiceAccountName) {
			t.Errorf("there is no ServiceAccount %s", run.pod().ServiceAccountName)
		}
	})
}

func TestCompaniesSideBySideShareNothing(t *testing.T) {
	all := built(t, "two-companies")
	seen := map[string]string{}
	once := func(what, value, owner string) {
		if other, ok := seen[what+value]; ok {
			t.Errorf("%s and %s share the %s %s", other, owner, what, value)
		}
		seen[what+value] = owner
	}
	runs := 0
	for _, run := range all {
		if run.Kind != "CronJob" {
			continue
		}
		runs++
		name := run.Metadata.Name
		once("name", name, name)
		once("start", run.Spec.Schedule, name)
		once("company", run.settings(t, all)["PROCORE_COMPANY_ID"], name)
		label, _ := run.Spec.JobTemplate.Spec.Template.Metadata.Labels["assignee-sync/company"].(string)
		once("label", label, name)
		for _, v := range run.pod().Volumes {
			once("volume", v.Secret.SecretName+v.ConfigMap.Name+v.PersistentVolumeClaim.ClaimName, name)
		}
	}
	if runs != 2 {
		t.Errorf("%d runs, want 2", runs)
	}
}

func TestLabelsAndAnnotationsAreText(t *testing.T) {
	for _, name := range builds {
		for _, o := range built(t, name) {
			for _, m := range []metadata{o.Metadata, o.Spec.JobTemplate.Metadata, o.Spec.JobTemplate.Spec.Template.Metadata} {
				for _, values := range []map[string]any{m.Labels, m.Annotations} {
					for key, value := range values {
						if _, ok := value.(string); !ok {
							t.Errorf("%s: %s %s has %s: %v, which Kubernetes refuses: it is no text", name, o.Kind, o.Metadata.Name, key, value)
						}
					}
				}
			}
		}
	}
}

// knownSettings reads the names of all settings, and which are secret, from the command's own list.
func knownSettings(t *testing.T) (known, secret map[string]bool) {
	t.Helper()
	source, err := os.ReadFile("../cmd/assignee-sync/settings/names.go")
	if err != nil {
		t.Fatal(err)
	}
	known, secret = map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\s+\\w+\\s+(Secret|string)\\s+`env:\"([A-Z_]+)\"").FindAllStringSubmatch(string(source), -1) {
		known[m[2]] = true
		secret[m[2]] = m[1] == "Secret"
	}
	if len(known) < 30 || !secret["PROCORE_CLIENT_SECRET"] {
		t.Fatalf("only %d settings were found in the command's list", len(known))
	}
	return known, secret
}
