// Package addons makes the folder "addons": what the cluster's add-ons need
// before their own Helm charts are installed, and what the workloads need of
// them.
//
//   - namespace.go: a Namespace for each add-on that is not in kube-system,
//     held to a Pod Security level
//   - networkpolicy.go: what the pods of each of these namespaces may do
//   - serviceaccount.go: ServiceAccount of each add-on with an IAM role
//   - clustersecretstore.go: ClusterSecretStore for the workloads' secrets
//
// The Helm charts run with `serviceAccount.create: false`: which service
// account takes which role is rendered here, from the contract that also makes
// the roles' trust policies.
package addons
