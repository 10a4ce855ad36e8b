package addons

import (
	"maps"

	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

func namespaces(chart *kube.Chart, env config.Environment, c contract.Contract) {
	for _, n := range []struct{ name, level string }{
		// The operator needs nothing of its node.
		{contract.NamespaceExternalSecrets, kube.Restricted},
		// Fluent Bit reads the log files of all pods, which are on the node:
		// host paths are what the lower levels forbid.
		{contract.NamespaceLogging, kube.Privileged},
	} {
		labels := c.SharedLabels(n.name)
		maps.Copy(labels, kube.PodSecurity(n.level, env.Cluster.Version))
		k8s.NewKubeNamespace(chart.Scope, chart.ID("Namespace", n.name), &k8s.KubeNamespaceProps{
			Metadata: kube.Meta{Name: n.name, Labels: labels}.Object(),
		})
	}
}
