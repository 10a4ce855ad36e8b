package fintrack

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
)

// networkPolicy opens what the workload needs in the closed namespace. Probes
// need no rule: a node always reaches the pods on it.
func (w workload) networkPolicy() {
	spec := &k8s.NetworkPolicySpec{
		PodSelector: w.pods(),
		PolicyTypes: kube.BothWays(),
		Egress:      w.egress(),
	}
	if rules := w.inbound(); len(rules) > 0 {
		spec.Ingress = &rules
	}
	k8s.NewKubeNetworkPolicy(w.chart.Scope, w.chart.ID("NetworkPolicy", w.Name), &k8s.KubeNetworkPolicyProps{
		Metadata: w.meta(w.Name).Object(),
		Spec:     spec,
	})
}

// inbound lets the load balancer and Prometheus in, on the container's port:
// policies are applied to pods, behind the Service.
func (w workload) inbound() []*k8s.NetworkPolicyIngressRule {
	var rules []*k8s.NetworkPolicyIngressRule
	if w.Ingress != nil {
		rules = append(rules, &k8s.NetworkPolicyIngressRule{
			From:  kube.Ranges(w.loadBalancerCIDRs()...),
			Ports: w.values.TCP(w.Port),
		})
	}
	if w.MetricsPath != "" {
		rules = append(rules, w.values.Scrape(w.Port))
	}
	return rules
}

// loadBalancerCIDRs is where the load balancer's own addresses are: with target
// type "ip" it connects to the pods from its subnets, which are the public ones
// when it faces the internet and the private ones when it is internal.
func (w workload) loadBalancerCIDRs() []string {
	if w.Ingress.Scheme == "internal" {
		return w.env.Network.PrivateCIDRs()
	}
	return w.env.Network.PublicCIDRs()
}

// egress lets the pods ask for names and open the ports that the workload
// lists.
func (w workload) egress() *[]*k8s.NetworkPolicyEgressRule {
	rules := []*k8s.NetworkPolicyEgressRule{w.values.DNS()}
	for _, e := range w.Egress {
		rules = append(rules, &k8s.NetworkPolicyEgressRule{To: w.destination(e), Ports: w.values.TCP(e.Port)})
	}
	return &rules
}

func (w workload) destination(e config.Egress) *[]*k8s.NetworkPolicyPeer {
	if e.VPC {
		return kube.Ranges(w.env.Network.PrivateCIDRs()...)
	}
	// The internet only. The Services' range is excluded beside the VPC because
	// the VPC CNI judges a packet before the address of a Service is translated
	// into that of a pod.
	return kube.AnywhereBut(w.env.Network.CIDR, w.env.Cluster.ServiceCIDR, kube.LinkLocal)
}
