package fintrack

import (
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/ptr"
)

// service gives the pods one address inside the cluster. The load balancer
// reads it too, to find the pods that it sends to.
func (w workload) service() {
	k8s.NewKubeService(w.chart.Scope, w.chart.ID("Service", w.Name), &k8s.KubeServiceProps{
		Metadata: w.meta(w.Name).Object(),
		Spec: &k8s.ServiceSpec{
			Type:     new("ClusterIP"),
			Selector: ptr.Map(w.contract.SelectorLabels(w.Name)),
			Ports: &[]*k8s.ServicePort{{
				Name:       new(contract.PortName),
				Port:       new(float64(w.ServicePort)),
				TargetPort: w.values.Name(contract.PortName),
				Protocol:   new("TCP"),
			}},
		},
	})
}
