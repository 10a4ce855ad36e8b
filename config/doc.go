// Package config says WHAT an environment is: one Go value with every number,
// name and choice, and the rules that a value must keep.
//
//   - environment.go: the types, each field with its meaning and unit
//   - staging.go: the staging environment, each value with its reason
//   - load.go: Load, all environments or what is wrong with them
//   - validate*.go: Validate, which reports every broken rule at once, by the
//     parts of an environment
//   - names.go, ranges.go, quantity.go, instancetypes.go: what names, CIDRs,
//     Kubernetes quantities and EC2 types must look like
//   - problems.go: how a broken rule is reported
//   - releases.go: the one input that a pipeline writes (image tag and digest)
//
// The package uses the standard library only and reads nothing at run time.
package config
