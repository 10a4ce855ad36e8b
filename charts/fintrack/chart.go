package fintrack

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/ptr"
)

// Name is the rendered folder.
const Name = "fintrack"

// New makes the chart of an environment's workloads.
func New(scope constructs.Construct, env config.Environment, c contract.Contract) *kube.Chart {
	chart := kube.NewChart(scope, Name)
	namespace(chart, env, c)
	defaultDeny(chart, env, c)
	values := &kube.Values{}
	for _, w := range env.Workloads {
		workload{
			Workload: w,
			env:      env,
			contract: c,
			chart:    chart,
			values:   values,
		}.render()
	}
	return chart
}

// workload is one workload on its way into manifests.
type workload struct {
	config.Workload
	env      config.Environment
	contract contract.Contract
	chart    *kube.Chart
	values   *kube.Values
}

func (w workload) render() {
	w.serviceAccount()
	w.deployment(w.configMap(), w.externalSecret())
	w.service()
	w.ingress()
	w.horizontalPodAutoscaler()
	w.podDisruptionBudget()
	w.networkPolicy()
}

// meta is the metadata of an object of the workload.
func (w workload) meta(name string) kube.Meta {
	return kube.Meta{Name: name, Namespace: w.env.Namespace, Labels: w.contract.Labels(w.Workload)}
}

// pods selects the workload's pods.
func (w workload) pods() *k8s.LabelSelector {
	return &k8s.LabelSelector{MatchLabels: ptr.Map(w.contract.SelectorLabels(w.Name))}
}
