package manifests

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// restricted says why a namespace that enforces the restricted pod security standard, in its latest version, would
// refuse the object's pod. An object without a pod is accepted.
func restricted(object runtime.Object) error {
	meta, spec := podOf(object)
	if spec == nil {
		return nil
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(level, meta, spec))
	if !result.Allowed {
		return fmt.Errorf("violates PodSecurity %q: %s", level, result.ForbiddenDetail())
	}
	return nil
}

// podOf returns the pod that an object is or makes, if it does.
func podOf(object runtime.Object) (*metav1.ObjectMeta, *corev1.PodSpec) {
	switch o := object.(type) {
	case *batchv1.CronJob:
		template := &o.Spec.JobTemplate.Spec.Template
		return &template.ObjectMeta, &template.Spec
	case *corev1.Pod:
		return &o.ObjectMeta, &o.Spec
	}
	return nil, nil
}
