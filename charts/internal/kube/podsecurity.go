package kube

// Levels of Kubernetes' Pod Security Standards.
const (
	Restricted = "restricted"
	Privileged = "privileged"
)

// PodSecurity are the labels by which a namespace asks the API server to hold
// its pods to a level. All three modes have the same level, so that whoever
// applies a Deployment is warned of what its pods would be refused for. The
// version is the cluster's: an upgrade never tightens the rules unseen.
func PodSecurity(level, kubernetesVersion string) map[string]string {
	labels := map[string]string{}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = level
		labels["pod-security.kubernetes.io/"+mode+"-version"] = "v" + kubernetesVersion
	}
	return labels
}
