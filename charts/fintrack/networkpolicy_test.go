package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

const (
	fromPublicSubnets = `{
		"from": [{"ipBlock": {"cidr": "10.0.101.0/24"}}, {"ipBlock": {"cidr": "10.0.102.0/24"}}, {"ipBlock": {"cidr": "10.0.103.0/24"}}],
		"ports": [{"protocol": "TCP", "port": 3000}]
	}`
	fromMonitoring = `{
		"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
		"ports": [{"protocol": "TCP", "port": 3000}]
	}`
	toDNS = `{
		"to": [{
			"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
			"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}
		}],
		"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
	}`
	theInternet = `[{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/16", "172.20.0.0/16", "169.254.0.0/16"]}}]`
)

func TestTheNamespaceIsClosedInBothDirections(t *testing.T) {
	synth(t).One(t, "NetworkPolicy", "default-deny").Want("spec", `{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}`)
}

func TestAWorkloadIsOpenedExactlyAsItSays(t *testing.T) {
	synth(t).One(t, "NetworkPolicy", "web").Want("spec", `{
		"podSelector": {"matchLabels": `+webSelector+`},
		"policyTypes": ["Ingress", "Egress"],
		"ingress": [`+fromPublicSubnets+`, `+fromMonitoring+`],
		"egress": [`+toDNS+`,
			{"to": `+theInternet+`, "ports": [{"protocol": "TCP", "port": 443}]},
			{"to": `+theInternet+`, "ports": [{"protocol": "TCP", "port": 27017}]}
		]
	}`)
}

func TestThePolicyIsOnThePodsPort(t *testing.T) {
	policy := synth(t, workload(func(w *config.Workload) { w.Port = 4000 })).One(t, "NetworkPolicy", "web")
	policy.Want("spec ingress 0 ports", `[{"protocol": "TCP", "port": 4000}]`)
	policy.Want("spec ingress 1 ports", `[{"protocol": "TCP", "port": 4000}]`)
}

func TestAnUnpublishedWorkloadIsNotOpenToTheLoadBalancers(t *testing.T) {
	synth(t, workload(func(w *config.Workload) { w.Ingress = nil })).
		One(t, "NetworkPolicy", "web").Want("spec ingress", `[`+fromMonitoring+`]`)
}

func TestWithoutMetricsPrometheusStaysOut(t *testing.T) {
	synth(t, workload(func(w *config.Workload) { w.MetricsPath = "" })).
		One(t, "NetworkPolicy", "web").Want("spec ingress", `[`+fromPublicSubnets+`]`)
}

// Without a rule but with the policy type, nothing gets in.
func TestWhatNobodyCallsIsClosed(t *testing.T) {
	policy := synth(t, workload(func(w *config.Workload) { w.Ingress, w.MetricsPath = nil, "" })).One(t, "NetworkPolicy", "web")
	policy.WantAbsent("spec ingress")
	policy.Want("spec policyTypes", `["Ingress", "Egress"]`)
}

// An internal load balancer has its addresses in the private subnets.
func TestAnInternalLoadBalancerComesFromThePrivateSubnets(t *testing.T) {
	synth(t, workload(func(w *config.Workload) {
		w.Ingress.Scheme, w.Ingress.InboundCIDRs = "internal", []string{"10.0.0.0/16"}
	})).
		One(t, "NetworkPolicy", "web").Want("spec ingress 0 from",
		`[{"ipBlock": {"cidr": "10.0.1.0/24"}}, {"ipBlock": {"cidr": "10.0.2.0/24"}}, {"ipBlock": {"cidr": "10.0.3.0/24"}}]`)
}

func TestEgressIntoTheVPCEndsAtThePrivateSubnets(t *testing.T) {
	policy := synth(t, workload(func(w *config.Workload) {
		w.Egress = []config.Egress{{Name: "postgres", Port: 5432, VPC: true}}
	})).One(t, "NetworkPolicy", "web")
	policy.Want("spec egress", `[`+toDNS+`, {
		"to": [{"ipBlock": {"cidr": "10.0.1.0/24"}}, {"ipBlock": {"cidr": "10.0.2.0/24"}}, {"ipBlock": {"cidr": "10.0.3.0/24"}}],
		"ports": [{"protocol": "TCP", "port": 5432}]
	}]`)
}

func TestEgressNeverReachesTheVPCItWasNotGiven(t *testing.T) {
	policy := synth(t, func(env *config.Environment) {
		env.Network.CIDR, env.Cluster.ServiceCIDR = "10.8.0.0/16", "10.100.0.0/16"
		for i := range env.Network.Zones {
			env.Network.Zones[i].Public = "10.8.10" + string(rune('1'+i)) + ".0/24"
			env.Network.Zones[i].Private = "10.8." + string(rune('1'+i)) + ".0/24"
		}
	}).One(t, "NetworkPolicy", "web")
	policy.Want("spec egress 1 to 0 ipBlock except", `["10.8.0.0/16", "10.100.0.0/16", "169.254.0.0/16"]`)
	policy.Want("spec ingress 0 from 0", `{"ipBlock": {"cidr": "10.8.101.0/24"}}`)
}

func TestWithoutEgressOnlyNamesAreAsked(t *testing.T) {
	synth(t, workload(func(w *config.Workload) { w.Egress = nil })).
		One(t, "NetworkPolicy", "web").Want("spec egress", `[`+toDNS+`]`)
}
