package fintrack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/contract"
)

// ingressClass is the class of the AWS Load Balancer Controller.
const ingressClass = "alb"

// ingress publishes the workload by an Application Load Balancer of its own.
func (w workload) ingress() {
	if w.Ingress == nil {
		return
	}
	meta := w.meta(w.Name)
	meta.Annotations = w.loadBalancer()
	k8s.NewKubeIngress(w.chart.Scope, w.chart.ID("Ingress", w.Name), &k8s.KubeIngressProps{
		Metadata: meta.Object(),
		Spec: &k8s.IngressSpec{
			IngressClassName: new(ingressClass),
			Rules: &[]*k8s.IngressRule{{
				Host: new(w.Ingress.Host),
				Http: &k8s.HttpIngressRuleValue{Paths: &[]*k8s.HttpIngressPath{{
					Path:     new("/"),
					PathType: new("Prefix"),
					Backend: &k8s.IngressBackend{Service: &k8s.IngressServiceBackend{
						Name: new(w.Name),
						Port: &k8s.ServiceBackendPort{Name: new(contract.PortName)},
					}},
				}}},
			}},
		},
	})
}

// loadBalancer are the annotations by which the controller is configured.
func (w workload) loadBalancer() map[string]string {
	settings := map[string]string{
		"scheme": w.Ingress.Scheme,
		// To the pods directly: no hop over a node port, and a pod's readiness
		// is the load balancer's.
		"target-type":      "ip",
		"listen-ports":     `[{"HTTP": 80}]`,
		"inbound-cidrs":    strings.Join(w.Ingress.InboundCIDRs, ","),
		"healthcheck-path": w.Health.Ready,
		"healthcheck-port": "traffic-port",
		"success-codes":    "200",
		// The pod serves on for this long and a little more, see deployment.go.
		"target-group-attributes": "deregistration_delay.timeout_seconds=" + strconv.Itoa(w.DrainSeconds),
		// Malformed headers are how requests are smuggled past a proxy.
		"load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
		"tags":                     pairs(w.contract.Tags()),
	}
	annotations := make(map[string]string, len(settings))
	for name, value := range settings {
		annotations["alb.ingress.kubernetes.io/"+name] = value
	}
	return annotations
}

// pairs writes tags as the controller reads them, sorted. It has no way to
// escape a comma; config allows none in what becomes a tag.
func pairs(tags map[string]string) string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, fmt.Sprintf("%s=%s", key, tags[key]))
	}
	return strings.Join(out, ",")
}
