package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

func TestTheIngressLeadsTheHostToTheService(t *testing.T) {
	ingress := synth(t, workload(func(w *config.Workload) { w.Ingress.Host = "shop.example.com" })).One(t, "Ingress", "web")
	ingress.Want("spec", `{
		"ingressClassName": "alb",
		"rules": [{"host": "shop.example.com", "http": {"paths": [{
			"path": "/", "pathType": "Prefix",
			"backend": {"service": {"name": "web", "port": {"name": "http"}}}
		}]}}]
	}`)
}

func TestTheLoadBalancerIsConfiguredByAnnotations(t *testing.T) {
	synth(t).One(t, "Ingress", "web").Want("metadata annotations", `{
		"alb.ingress.kubernetes.io/scheme": "internet-facing",
		"alb.ingress.kubernetes.io/target-type": "ip",
		"alb.ingress.kubernetes.io/listen-ports": "[{\"HTTP\": 80}]",
		"alb.ingress.kubernetes.io/inbound-cidrs": "0.0.0.0/0",
		"alb.ingress.kubernetes.io/healthcheck-path": "/readyz",
		"alb.ingress.kubernetes.io/healthcheck-port": "traffic-port",
		"alb.ingress.kubernetes.io/success-codes": "200",
		"alb.ingress.kubernetes.io/target-group-attributes": "deregistration_delay.timeout_seconds=30",
		"alb.ingress.kubernetes.io/load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
		"alb.ingress.kubernetes.io/tags": "environment=staging,owner=platform@fintrack.example.com,project=fintrack,repository=fintrack/platform"
	}`)
}

func TestTheLoadBalancerFollowsTheWorkload(t *testing.T) {
	ingress := synth(t, workload(func(w *config.Workload) {
		w.Ingress.Scheme = "internal"
		w.Ingress.InboundCIDRs = []string{"10.0.0.0/16", "192.168.0.0/24"}
		w.Health.Ready = "/ready"
	})).One(t, "Ingress", "web")
	ingress.Want("metadata annotations alb.ingress.kubernetes.io/scheme", `"internal"`)
	ingress.Want("metadata annotations alb.ingress.kubernetes.io/inbound-cidrs", `"10.0.0.0/16,192.168.0.0/24"`)
	ingress.Want("metadata annotations alb.ingress.kubernetes.io/healthcheck-path", `"/ready"`)
}

func TestAnUnpublishedWorkloadHasNoIngress(t *testing.T) {
	synth(t, workload(func(w *config.Workload) { w.Ingress = nil })).None(t, "Ingress")
}
