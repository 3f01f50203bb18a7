// Package manifests asks Kubernetes' own code, in process, what its API server would say to each kustomization under
// deploy/: whether it accepts it without a warning, whether its pods keep to the restricted pod security standard, and
// whether a second `kubectl apply` would change nothing.
package manifests
