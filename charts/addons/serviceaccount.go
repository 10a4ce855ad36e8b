package addons

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/contract"
)

// serviceAccount is the identity that an add-on's IAM role trusts. Unlike the
// workloads' it keeps the token for the Kubernetes API: add-ons are controllers
// and watch the cluster.
func serviceAccount(chart *kube.Chart, c contract.Contract, identity contract.Identity) {
	k8s.NewKubeServiceAccount(chart.Scope, chart.ID("ServiceAccount", identity.ServiceAccount), &k8s.KubeServiceAccountProps{
		Metadata: kube.Meta{
			Name:        identity.ServiceAccount,
			Namespace:   identity.Namespace,
			Labels:      c.SharedLabels(identity.ServiceAccount),
			Annotations: map[string]string{contract.RoleAnnotation: identity.RoleARN},
		}.Object(),
	})
}
