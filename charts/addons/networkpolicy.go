package addons

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

// Ports of the add-ons' own charts, which their values leave at the default.
const (
	externalSecretsWebhook = 10250
	externalSecretsMetrics = 8080
	fluentBitMetrics       = 2020
)

// networkPolicies closes each add-on's namespace but for what is listed. One
// policy is both: it selects every pod and names both directions, so what it
// does not list is denied.
func networkPolicies(chart *kube.Chart, env config.Environment, c contract.Contract) {
	values := &kube.Values{}
	// The API server calls the webhook from its network interfaces, which stand
	// in the private subnets.
	webhook := &k8s.NetworkPolicyIngressRule{
		From:  kube.Ranges(env.Network.PrivateCIDRs()...),
		Ports: values.TCP(externalSecretsWebhook),
	}
	for _, n := range []struct {
		namespace string
		ingress   []*k8s.NetworkPolicyIngressRule
	}{
		{contract.NamespaceExternalSecrets, []*k8s.NetworkPolicyIngressRule{webhook, values.Scrape(externalSecretsMetrics)}},
		{contract.NamespaceLogging, []*k8s.NetworkPolicyIngressRule{values.Scrape(fluentBitMetrics)}},
	} {
		k8s.NewKubeNetworkPolicy(chart.Scope, chart.ID("NetworkPolicy", n.namespace), &k8s.KubeNetworkPolicyProps{
			Metadata: kube.Meta{Name: n.namespace, Namespace: n.namespace, Labels: c.SharedLabels(n.namespace)}.Object(),
			Spec: &k8s.NetworkPolicySpec{
				PodSelector: kube.EveryPod(),
				PolicyTypes: kube.BothWays(),
				Ingress:     &n.ingress,
				Egress: &[]*k8s.NetworkPolicyEgressRule{
					values.DNS(),
					// HTTPS to AWS and to the Kubernetes API, which is inside
					// the VPC; never to the instance metadata.
					{To: kube.AnywhereBut(kube.LinkLocal), Ports: values.TCP(443)},
				},
			},
		})
	}
}
