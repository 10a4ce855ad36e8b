// Package fintrack makes the folder "fintrack": the namespace of the workloads
// and everything that runs in it.
//
// Once:
//
//   - namespace.go: Namespace, held to Pod Security "restricted"
//   - networkpolicy_default.go: NetworkPolicy that denies everything
//
// For each workload of the environment:
//
//   - serviceaccount.go: ServiceAccount with the workload's IAM role
//   - configmap.go: ConfigMap with the plain settings, if there are any
//   - externalsecret.go: ExternalSecret with the secret ones, if there are any
//   - deployment.go, container.go: Deployment
//   - service.go: Service
//   - ingress.go: Ingress, if the workload is published
//   - horizontalpodautoscaler.go: HorizontalPodAutoscaler, if it is on
//   - poddisruptionbudget.go: PodDisruptionBudget
//   - networkpolicy.go: NetworkPolicy with exactly what the workload needs
package fintrack
