package fintrack

import (
	"maps"

	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

// readinessGate makes the load balancer controller add a condition to new pods:
// a pod is ready only once the load balancer finds it healthy, so a rollout
// never removes the last pod that the load balancer knows.
const readinessGate = "elbv2.k8s.aws/pod-readiness-gate-inject"

func namespace(chart *kube.Chart, env config.Environment, c contract.Contract) {
	labels := c.SharedLabels("namespace")
	maps.Copy(labels, kube.PodSecurity(kube.Restricted, env.Cluster.Version))
	labels[readinessGate] = "enabled"
	k8s.NewKubeNamespace(chart.Scope, chart.ID("Namespace", env.Namespace), &k8s.KubeNamespaceProps{
		Metadata: kube.Meta{Name: env.Namespace, Labels: labels}.Object(),
	})
}
