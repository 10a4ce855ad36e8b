package fintrack

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

const defaultDenyName = "default-deny"

// defaultDeny closes the namespace in both directions, also for a pod that no
// other policy knows. What is needed is opened workload by workload.
func defaultDeny(chart *kube.Chart, env config.Environment, c contract.Contract) {
	k8s.NewKubeNetworkPolicy(chart.Scope, chart.ID("NetworkPolicy", defaultDenyName), &k8s.KubeNetworkPolicyProps{
		Metadata: kube.Meta{
			Name:      defaultDenyName,
			Namespace: env.Namespace,
			Labels:    c.SharedLabels(defaultDenyName),
		}.Object(),
		Spec: &k8s.NetworkPolicySpec{
			PodSelector: kube.EveryPod(),
			PolicyTypes: kube.BothWays(),
		},
	})
}
