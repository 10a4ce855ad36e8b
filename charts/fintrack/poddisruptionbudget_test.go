package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

// With one replica "minAvailable: 1" would make every drain wait for ever.
func TestADrainTakesOnePodAtATimeAlsoTheOnlyOne(t *testing.T) {
	single := workload(func(w *config.Workload) { w.Autoscaling.Enabled, w.Replicas = false, 1 })
	for _, edit := range []func(*config.Environment){func(*config.Environment) {}, single} {
		synth(t, edit).One(t, "PodDisruptionBudget", "web").Want("spec", `{
			"selector": {"matchLabels": `+webSelector+`},
			"maxUnavailable": 1,
			"unhealthyPodEvictionPolicy": "AlwaysAllow"
		}`)
	}
}
