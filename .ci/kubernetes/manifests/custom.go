package manifests

import (
	"fmt"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// admitCustom reads an object of a kind that Kubernetes itself does not know: the Prometheus operator's rules, strictly.
// Whether their expressions make sense is promtool's to say.
func admitCustom(document []byte) (runtime.Object, error) {
	rule := &monitoringv1.PrometheusRule{}
	if err := yaml.UnmarshalStrict(document, rule); err != nil {
		return nil, err
	}
	if want := monitoringv1.SchemeGroupVersion.WithKind("PrometheusRule"); rule.GroupVersionKind() != want {
		return nil, fmt.Errorf("%s is not known here", rule.GroupVersionKind())
	}
	return rule, nil
}
