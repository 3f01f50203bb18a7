package manifests

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// night is a CronJob, with the objects beside it and those of the folder lasting/ below it.
type night struct {
	*batchv1.CronJob
	all []runtime.Object
}

// eachNight gives every CronJob that is for real: not the demo's.
func eachNight(t *testing.T, promise func(t *testing.T, n night)) {
	t.Helper()
	for _, folder := range []string{"base", "overlays/example", "overlays/two-companies"} {
		all := kept(t, folder)
		if folder != "base" {
			all = append(all, kept(t, filepath.Join(folder, "lasting"))...)
		}
		found := 0
		for _, o := range all {
			if c, ok := o.(*batchv1.CronJob); ok {
				found++
				t.Run(folder+"/"+c.Name, func(t *testing.T) { promise(t, night{c, all}) })
			}
		}
		if found == 0 {
			t.Errorf("%s has no CronJob", folder)
		}
	}
}

// kept returns the objects of a folder as the server keeps them.
func kept(t *testing.T, folder string) []runtime.Object {
	t.Helper()
	return admitted(t, render(t, filesys.MakeFsOnDisk(), filepath.Join(deploy, folder)))
}

func admitted(t *testing.T, documents [][]byte) []runtime.Object {
	t.Helper()
	var all []runtime.Object
	for _, d := range documents {
		o, err := Admit(d)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func (n night) job() *batchv1.JobSpec { return &n.Spec.JobTemplate.Spec }

func (n night) pod() *corev1.PodSpec { return &n.job().Template.Spec }

func (n night) container(t *testing.T) corev1.Container {
	t.Helper()
	if len(n.pod().Containers) != 1 {
		t.Fatalf("%d containers", len(n.pod().Containers))
	}
	return n.pod().Containers[0]
}

// named gives the object of a type and name beside the CronJob, nil if there is none.
func named[T interface {
	comparable
	metav1.Object
}](n night, name string) (none T) {
	for _, o := range n.all {
		if object, ok := o.(T); ok && object.GetName() == name {
			return object
		}
	}
	return none
}

// settings returns all that the container's environment holds.
func (n night) settings(t *testing.T) map[string]string {
	t.Helper()
	settings := map[string]string{}
	for _, from := range n.container(t).EnvFrom {
		c := named[*corev1.ConfigMap](n, from.ConfigMapRef.Name)
		if c == nil {
			t.Fatalf("no ConfigMap %s", from.ConfigMapRef.Name)
		}
		maps.Copy(settings, c.Data)
	}
	for _, e := range n.container(t).Env {
		settings[e.Name] = e.Value
	}
	return settings
}

func TestANightIsShippedSuspendedAndNeverOverlapsOrRepeatsItself(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		if !*n.Spec.Suspend {
			t.Error("it is not suspended")
		}
		if n.Spec.ConcurrencyPolicy != batchv1.ForbidConcurrent {
			t.Errorf("concurrencyPolicy is %q", n.Spec.ConcurrencyPolicy)
		}
		if *n.job().BackoffLimit != 0 || n.pod().RestartPolicy != corev1.RestartPolicyNever {
			t.Error("a run that was refused would be tried again")
		}
		if n.Spec.StartingDeadlineSeconds == nil {
			t.Error("the start has no deadline")
		}
		if n.job().TTLSecondsAfterFinished == nil {
			t.Error("jobs by hand are there for ever")
		}
		if got := n.container(t).Args; !slices.Equal(got, []string{"apply", "--yes"}) {
			t.Errorf("it runs %q", got)
		}
	})
}

// A zone with summer time turns its clocks between 01:00 and 02:59, wherever it is: that hour is missing once a year, and
// there twice on another night.
func TestEveryNightExistsOnceInItsZone(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		if fields := strings.Fields(n.Spec.Schedule); len(fields) != 5 || fields[2]+fields[3]+fields[4] != "***" {
			t.Fatalf("the schedule %q is not once a day", n.Spec.Schedule)
		} else if hour, err := strconv.Atoi(fields[1]); err != nil || hour == 1 || hour == 2 {
			t.Errorf("the schedule %q starts between 01:00 and 02:59", n.Spec.Schedule)
		}
		zone := n.settings(t)["SYNC_TIMEZONE"]
		if n.Spec.TimeZone == nil || zone != *n.Spec.TimeZone && !(zone == "" && *n.Spec.TimeZone == "Etc/UTC") {
			t.Errorf("it starts by %v and counts days by %q", n.Spec.TimeZone, zone)
		}
	})
}

func TestTheJobsConditionNamesAnExitCodeOfTheProgramsOwn(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		rules := n.job().PodFailurePolicy.Rules
		if len(rules) != 2 || rules[0].Action != batchv1.PodFailurePolicyActionIgnore ||
			rules[0].OnPodConditions[0].Type != corev1.DisruptionTarget {
			t.Fatalf("a pod that the cluster took away is not started anew first of all: %v", rules)
		}
		codes := rules[1].OnExitCodes
		if rules[1].Action != batchv1.PodFailurePolicyActionFailJob || !slices.Equal(codes.Values, []int32{3, 4, 5, 64, 78}) ||
			*codes.ContainerName != n.container(t).Name {
			t.Errorf("got %v", rules[1])
		}
	})
}

func TestAPodHasTheLeastRightsThatItNeeds(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		c := n.container(t)
		if !*c.SecurityContext.ReadOnlyRootFilesystem {
			t.Error("it may write to its image")
		}
		if *n.pod().AutomountServiceAccountToken || *n.pod().EnableServiceLinks {
			t.Error("it is given what it does not need: a token for Kubernetes, or variables of services")
		}
		for _, m := range c.VolumeMounts {
			if !m.ReadOnly && m.Name != "ledger" && m.Name != "tmp" {
				t.Errorf("it may write to %s", m.MountPath)
			}
		}
		for _, resource := range []corev1.ResourceName{corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
			limit, request := c.Resources.Limits[resource], c.Resources.Requests[resource]
			if limit.IsZero() || request.IsZero() {
				t.Errorf("its %s has no limit or no request", resource)
			}
		}
	})
}

// What a run takes at most by itself, docs/performance.md has measured; the Go runtime is told the limit by main.go.
func TestTheMemoryThatIsAskedForIsWhatTheProgramKeepsTo(t *testing.T) {
	source, err := os.ReadFile("../../../cmd/assignee-sync/main.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^const memoryLimit = (\d+) << 20$`).FindSubmatch(source)
	if found == nil {
		t.Fatal("main.go has no memoryLimit")
	}
	own, _ := strconv.ParseInt(string(found[1]), 10, 64)
	eachNight(t, func(t *testing.T, n night) {
		memory := n.container(t).Resources
		request, limit := memory.Requests.Memory().Value()>>20, memory.Limits.Memory().Value()>>20
		if own > request*9/10 || request > limit {
			t.Errorf("the program keeps its heap to %d MiB, the request is %d MiB, the limit %d MiB", own, request, limit)
		}
		if set, ok := n.settings(t)["GOMEMLIMIT"]; ok {
			t.Errorf("GOMEMLIMIT is %s: what was measured was without it", set)
		}
	})
}

func TestEverySettingIsKnownAndNoSecretStandsInAManifest(t *testing.T) {
	secret := readmeSettings(t)
	promise := func(t *testing.T, n night) {
		for name, value := range n.settings(t) {
			plain := strings.TrimSuffix(name, "_FILE")
			isSecret, known := secret[plain]
			switch {
			case strings.HasPrefix(name, "OTEL_"): // OpenTelemetry's own
			case !known:
				t.Errorf("%s is not a setting", name)
			case isSecret && name == plain:
				t.Errorf("%s is a secret and stands in the manifest", name)
			case isSecret && !strings.HasPrefix(value, "/secrets/"):
				t.Errorf("%s is %q, outside the mounted secret", name, value)
			case plain != name && !isSecret:
				t.Errorf("%s: only secrets are given as files", name)
			}
		}
		if c := n.container(t); c.TerminationMessagePolicy != corev1.TerminationMessageReadFile {
			t.Errorf("terminationMessagePolicy is %q: the end of a log may name people", c.TerminationMessagePolicy)
		}
	}
	eachNight(t, promise)
	eachComponent(t, func(t *testing.T, documents [][]byte) {
		all := admitted(t, documents)
		for _, o := range all {
			if c, ok := o.(*batchv1.CronJob); ok {
				promise(t, night{c, all})
			}
		}
	})
}

func TestHRDataComesFromExactlyOneSource(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		s := n.settings(t)
		if (s["HR_CSV"] == "") == (s["HR_DATABASE_URL_FILE"] == "") {
			t.Errorf("HR_CSV=%q HR_DATABASE_URL_FILE=%q", s["HR_CSV"], s["HR_DATABASE_URL_FILE"])
		}
	})
}

func TestARunEndsItselfBeforeKubernetesEndsIt(t *testing.T) {
	const requestTimeout = 30 * time.Second // the default of PROCORE_TIMEOUT
	eachNight(t, func(t *testing.T, n night) {
		own, err := time.ParseDuration(n.settings(t)["SYNC_MAX_DURATION"])
		if err != nil {
			t.Fatal(err)
		}
		if deadline := time.Duration(*n.job().ActiveDeadlineSeconds) * time.Second; deadline < own+10*time.Minute {
			t.Errorf("Kubernetes ends the run after %s, it ends itself after %s", deadline, own)
		}
		if grace := time.Duration(*n.pod().TerminationGracePeriodSeconds) * time.Second; grace < requestTimeout+30*time.Second {
			t.Errorf("on SIGTERM it has %s: too short for a write in flight and the reports", grace)
		}
	})
}

func TestWhatAPodMountsIsThere(t *testing.T) {
	eachNight(t, func(t *testing.T, n night) {
		base := !strings.Contains(t.Name(), "overlays") // has no role map and no claims: those are an overlay's
		mounted := map[string]bool{}
		for _, m := range n.container(t).VolumeMounts {
			mounted[m.Name] = true
		}
		for _, v := range n.pod().Volumes {
			if !mounted[v.Name] {
				t.Errorf("volume %s is not mounted", v.Name)
			}
			if c := v.PersistentVolumeClaim; c != nil && !base && named[*corev1.PersistentVolumeClaim](n, c.ClaimName) == nil {
				t.Errorf("there is no claim %s", c.ClaimName)
			}
			if c := v.ConfigMap; c != nil && !base && named[*corev1.ConfigMap](n, c.Name) == nil {
				t.Errorf("there is no ConfigMap %s", c.Name)
			}
		}
		if named[*corev1.ServiceAccount](n, n.pod().ServiceAccountName) == nil {
			t.Errorf("there is no ServiceAccount %s", n.pod().ServiceAccountName)
		}
	})
}

func TestDeletingAJobDeletesNeitherItsNamespaceNorItsClaims(t *testing.T) {
	for _, folder := range []string{"base", "overlays/example", "overlays/two-companies"} {
		for _, o := range kept(t, folder) {
			switch o.(type) {
			case *corev1.PersistentVolumeClaim, *corev1.Namespace:
				t.Errorf("%s has %T: `kubectl delete -k` would delete the ledger with it", folder, o)
			}
		}
	}
}

func TestCompaniesSideBySideShareNothing(t *testing.T) {
	seen := map[string]string{}
	companies := 0
	eachNight(t, func(t *testing.T, n night) {
		if !strings.Contains(t.Name(), "two-companies") {
			return
		}
		companies++
		once := func(what, value string) {
			if other, ok := seen[what+value]; ok {
				t.Errorf("%s has the same %s %s", other, what, value)
			}
			seen[what+value] = n.Name
		}
		once("start", n.Spec.Schedule)
		once("company", n.settings(t)["PROCORE_COMPANY_ID"])
		labels := n.job().Template.Labels
		once("instance", labels["app.kubernetes.io/instance"])
		for _, v := range n.pod().Volumes {
			switch {
			case v.Secret != nil:
				once("secret", v.Secret.SecretName)
			case v.ConfigMap != nil:
				once("ConfigMap", v.ConfigMap.Name)
			case v.PersistentVolumeClaim != nil:
				once("claim", v.PersistentVolumeClaim.ClaimName)
			}
		}
		policy := named[*networkingv1.NetworkPolicy](n, n.Name)
		if policy == nil || !maps.Equal(policy.Spec.PodSelector.MatchLabels, labels) {
			t.Errorf("its network policy %v is not for its pods alone: %v", policy, labels)
		}
		if ledger := named[*corev1.PersistentVolumeClaim](n, n.Name+"-ledger"); ledger == nil ||
			ledger.Labels["app.kubernetes.io/instance"] != labels["app.kubernetes.io/instance"] {
			t.Errorf("its ledger is not found by its company: %v", ledger)
		}
	})
	if companies != 2 {
		t.Errorf("%d companies, want 2", companies)
	}
}

// readmeSettings reads the names of all settings, and which are secret, from the README's table, which a test holds to
// the command's own list.
func readmeSettings(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n| setting | default |")
	table, _, _ = strings.Cut(table, "\n\n")
	settings := map[string]bool{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, " | ")
		for _, name := range regexp.MustCompile("`([A-Z_]+)`").FindAllStringSubmatch(cells[0], -1) {
			settings[name[1]] = strings.Contains(cells[1], "secret")
		}
	}
	if len(settings) < 30 || !settings["PROCORE_CLIENT_SECRET"] {
		t.Fatalf("only %d settings were found in the README's table", len(settings))
	}
	return settings
}
