// Package deploy holds how assignee-sync is shipped: an image and kustomizations. It has no code but the tests that
// hold the manifests to what README.md promises.
package deploy
