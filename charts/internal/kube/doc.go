// Package kube holds what every chart needs to write typed manifests.
//
//   - meta.go: metadata, always with name, namespace and labels
//   - values.go: ports and quantities, each made once
//   - networkpolicy.go: rules that several NetworkPolicies share
//   - podsecurity.go: the labels of Pod Security admission
package kube
