package fintrack

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/ptr"
)

// linkLocal holds the instance metadata service, which would hand a pod the
// node's role.
const linkLocal = "169.254.0.0/16"

// namespaceLabel is put on every namespace by the API server itself, so nobody
// can pretend to be another namespace.
const namespaceLabel = "kubernetes.io/metadata.name"

// networkPolicy opens what the workload needs in the closed namespace. Probes
// need no rule: a node always reaches the pods on it.
func (w workload) networkPolicy() {
	spec := &k8s.NetworkPolicySpec{
		PodSelector: w.pods(),
		PolicyTypes: jsii.Strings("Ingress", "Egress"),
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
			From:  ranges(w.loadBalancerCIDRs()),
			Ports: w.ports(tcp(w.Port)),
		})
	}
	if w.MetricsPath != "" {
		rules = append(rules, &k8s.NetworkPolicyIngressRule{
			From:  &[]*k8s.NetworkPolicyPeer{{NamespaceSelector: namespaceNamed(contract.NamespaceMonitoring)}},
			Ports: w.ports(tcp(w.Port)),
		})
	}
	return rules
}

// loadBalancerCIDRs is where the load balancer's own addresses are: with target
// type "ip" it connects to the pods from its subnets, which are the public ones
// when it faces the internet and the private ones when it is internal.
func (w workload) loadBalancerCIDRs() []string {
	if w.Ingress.Scheme == "internal" {
		return subnets(w.env, func(z config.Zone) string { return z.Private })
	}
	return subnets(w.env, func(z config.Zone) string { return z.Public })
}

// egress lets the pods ask for names and open the ports that the workload
// lists.
func (w workload) egress() *[]*k8s.NetworkPolicyEgressRule {
	rules := []*k8s.NetworkPolicyEgressRule{{
		To: &[]*k8s.NetworkPolicyPeer{{
			NamespaceSelector: namespaceNamed(contract.NamespaceSystem),
			PodSelector:       &k8s.LabelSelector{MatchLabels: ptr.Map(map[string]string{"k8s-app": "kube-dns"})},
		}},
		// TCP too: an answer that is too long for a datagram is asked for
		// again, and the SRV records of a MongoDB cluster are long.
		Ports: w.ports(port{"UDP", 53}, port{"TCP", 53}),
	}}
	for _, e := range w.Egress {
		rules = append(rules, &k8s.NetworkPolicyEgressRule{To: w.destination(e), Ports: w.ports(tcp(e.Port))})
	}
	return &rules
}

func (w workload) destination(e config.Egress) *[]*k8s.NetworkPolicyPeer {
	if e.VPC {
		return ranges(subnets(w.env, func(z config.Zone) string { return z.Private }))
	}
	return &[]*k8s.NetworkPolicyPeer{{IpBlock: &k8s.IpBlock{
		Cidr: new("0.0.0.0/0"),
		// The internet only. The Services' range is excluded beside the VPC
		// because the VPC CNI judges a packet before the address of a Service
		// is translated into that of a pod.
		Except: jsii.Strings(w.env.Network.CIDR, w.env.Cluster.ServiceCIDR, linkLocal),
	}}}
}

type port struct {
	protocol string
	number   int
}

func tcp(number int) port { return port{"TCP", number} }

func (w workload) ports(ports ...port) *[]*k8s.NetworkPolicyPort {
	var out []*k8s.NetworkPolicyPort
	for _, p := range ports {
		out = append(out, &k8s.NetworkPolicyPort{Protocol: new(p.protocol), Port: w.values.Number(p.number)})
	}
	return &out
}

func namespaceNamed(name string) *k8s.LabelSelector {
	return &k8s.LabelSelector{MatchLabels: ptr.Map(map[string]string{namespaceLabel: name})}
}

func ranges(cidrs []string) *[]*k8s.NetworkPolicyPeer {
	var peers []*k8s.NetworkPolicyPeer
	for _, cidr := range cidrs {
		peers = append(peers, &k8s.NetworkPolicyPeer{IpBlock: &k8s.IpBlock{Cidr: new(cidr)}})
	}
	return &peers
}

func subnets(env config.Environment, of func(config.Zone) string) []string {
	var cidrs []string
	for _, zone := range env.Network.Zones {
		cidrs = append(cidrs, of(zone))
	}
	return cidrs
}
