// Package deploy holds how assignee-sync is shipped: an image and kustomizations. It has no code but tests; those of
// the kustomizations are in .ci/kubernetes, with Kubernetes' own code.
package deploy
