package kube

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/ptr"
)

// Anywhere is every IPv4 address.
const Anywhere = "0.0.0.0/0"

// LinkLocal holds the instance metadata service, which would hand a pod the
// node's role.
const LinkLocal = "169.254.0.0/16"

// namespaceLabel is put on every namespace by the API server itself, so nobody
// can pretend to be another namespace.
const namespaceLabel = "kubernetes.io/metadata.name"

// EveryPod selects all pods of a namespace.
func EveryPod() *k8s.LabelSelector { return &k8s.LabelSelector{} }

// BothWays are the policy types of a policy that closes both directions.
func BothWays() *[]*string { return jsii.Strings("Ingress", "Egress") }

// TCP lists TCP ports of a rule.
func (v *Values) TCP(ports ...int) *[]*k8s.NetworkPolicyPort {
	var out []*k8s.NetworkPolicyPort
	for _, port := range ports {
		out = append(out, &k8s.NetworkPolicyPort{Protocol: new("TCP"), Port: v.Number(port)})
	}
	return &out
}

// DNS is the rule that lets pods ask the cluster's DNS for names.
func (v *Values) DNS() *k8s.NetworkPolicyEgressRule {
	return &k8s.NetworkPolicyEgressRule{
		To: &[]*k8s.NetworkPolicyPeer{{
			NamespaceSelector: namespaceNamed(contract.NamespaceSystem),
			PodSelector:       &k8s.LabelSelector{MatchLabels: ptr.Map(map[string]string{"k8s-app": "kube-dns"})},
		}},
		// TCP too: an answer that is too long for a datagram is asked for
		// again, and the SRV records of a MongoDB cluster are long.
		Ports: &[]*k8s.NetworkPolicyPort{
			{Protocol: new("UDP"), Port: v.Number(53)},
			{Protocol: new("TCP"), Port: v.Number(53)},
		},
	}
}

// Scrape is the rule that lets Prometheus read metrics on a port.
func (v *Values) Scrape(port int) *k8s.NetworkPolicyIngressRule {
	return &k8s.NetworkPolicyIngressRule{
		From:  &[]*k8s.NetworkPolicyPeer{{NamespaceSelector: namespaceNamed(contract.NamespaceMonitoring)}},
		Ports: v.TCP(port),
	}
}

// Ranges are peers by their addresses.
func Ranges(cidrs ...string) *[]*k8s.NetworkPolicyPeer {
	var peers []*k8s.NetworkPolicyPeer
	for _, cidr := range cidrs {
		peers = append(peers, &k8s.NetworkPolicyPeer{IpBlock: &k8s.IpBlock{Cidr: new(cidr)}})
	}
	return &peers
}

// AnywhereBut is every address except some.
func AnywhereBut(except ...string) *[]*k8s.NetworkPolicyPeer {
	return &[]*k8s.NetworkPolicyPeer{{IpBlock: &k8s.IpBlock{Cidr: new(Anywhere), Except: jsii.Strings(except...)}}}
}

func namespaceNamed(name string) *k8s.LabelSelector {
	return &k8s.LabelSelector{MatchLabels: ptr.Map(map[string]string{namespaceLabel: name})}
}
