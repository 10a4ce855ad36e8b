package fintrack

import "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

// podDisruptionBudget lets a drained node or an upgrade take one pod at a time.
//
// It says how many may be missing and not how many must stay: with a single
// replica "one must stay" would block every drain for ever, while this lets the
// one pod move.
func (w workload) podDisruptionBudget() {
	k8s.NewKubePodDisruptionBudget(w.chart.Scope, w.chart.ID("PodDisruptionBudget", w.Name), &k8s.KubePodDisruptionBudgetProps{
		Metadata: w.meta(w.Name).Object(),
		Spec: &k8s.PodDisruptionBudgetSpec{
			Selector:       w.pods(),
			MaxUnavailable: w.values.Number(1),
			// A pod that does not serve protects nobody: it must not block the
			// drain of its node.
			UnhealthyPodEvictionPolicy: new("AlwaysAllow"),
		},
	})
}
