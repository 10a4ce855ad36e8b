package fintrack

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/contract"
)

// serviceAccount is the identity that the workload's IAM role trusts.
func (w workload) serviceAccount() {
	identity := w.contract.Workload(w.Name)
	meta := w.meta(identity.ServiceAccount)
	meta.Annotations = map[string]string{contract.RoleAnnotation: identity.RoleARN}
	k8s.NewKubeServiceAccount(w.chart.Scope, w.chart.ID("ServiceAccount", identity.ServiceAccount), &k8s.KubeServiceAccountProps{
		Metadata: meta.Object(),
		// No token for the Kubernetes API, which no workload calls. The token
		// for AWS is another one: EKS' webhook projects it into the pod.
		AutomountServiceAccountToken: new(false),
	})
}
