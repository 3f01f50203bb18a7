package manifests

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"      // registers its kinds
	_ "k8s.io/kubernetes/pkg/apis/core/install"       // the same
	_ "k8s.io/kubernetes/pkg/apis/networking/install" // the same
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
)

// strategies are how the API server creates the kinds that deploy/ uses. Another kind is refused: add it here.
var strategies = map[string]rest.RESTCreateStrategy{
	"ConfigMap":             configmap.Strategy,
	"CronJob":               cronjob.Strategy,
	"Namespace":             namespace.Strategy,
	"NetworkPolicy":         networkpolicy.Strategy,
	"PersistentVolumeClaim": persistentvolumeclaim.Strategy,
	"Pod":                   pod.Strategy,
	"ServiceAccount":        serviceaccount.Strategy,
}

// Admit creates one object as the API server would, from strict decoding to its defaults and validation, and gives it
// as the server would keep it. An error is why the server would refuse it, or what it would warn of.
func Admit(document []byte) (runtime.Object, error) {
	sent, gvk, err := decode(document)
	if runtime.IsNotRegisteredError(err) {
		return admitCustom(document)
	}
	if err != nil {
		return nil, err
	}
	strategy, ok := strategies[gvk.Kind]
	if !ok {
		return nil, fmt.Errorf("kind %s is not known here", gvk.Kind)
	}
	ctx, warnings := requestContext(sent.(metav1.Object), gvk, strategy)
	rest.FillObjectMetaSystemFields(sent.(metav1.Object))
	if err := rest.BeforeCreate(strategy, ctx, sent); err != nil {
		return nil, err
	}
	if len(warnings.all) > 0 {
		return nil, errors.Join(warnings.all...)
	}
	kept, err := legacyscheme.Scheme.ConvertToVersion(sent, gvk.GroupVersion())
	if err != nil {
		return nil, err
	}
	return kept, restricted(kept)
}

// decode reads one object strictly, with Kubernetes' defaults, into the form that the server works on.
func decode(document []byte) (runtime.Object, schema.GroupVersionKind, error) {
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme,
		json.SerializerOptions{Yaml: true, Strict: true})
	decoder := legacyscheme.Codecs.DecoderToVersion(strict, runtime.InternalGroupVersioner)
	object, gvk, err := decoder.Decode(document, nil, nil)
	if err != nil {
		return nil, schema.GroupVersionKind{}, err
	}
	return object, *gvk, nil
}

func requestContext(object metav1.Object, gvk schema.GroupVersionKind, strategy rest.RESTCreateStrategy) (context.Context, *recorder) {
	if strategy.NamespaceScoped() && object.GetNamespace() == "" {
		object.SetNamespace(corev1.NamespaceDefault)
	}
	warnings := &recorder{}
	ctx := genericapirequest.WithNamespace(context.Background(), object.GetNamespace())
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIGroup: gvk.Group, APIVersion: gvk.Version, Namespace: object.GetNamespace(),
	})
	return warning.WithWarningRecorder(ctx, warnings), warnings
}

// recorder keeps what the server warns of.
type recorder struct{ all []error }

// AddWarning keeps one warning.
func (r *recorder) AddWarning(_, text string) {
	r.all = append(r.all, fmt.Errorf("warning: %s", text))
}
