package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

func TestTheAutoscalerFollowsTheCPU(t *testing.T) {
	synth(t, workload(func(w *config.Workload) {
		w.Autoscaling = config.Autoscaling{Enabled: true, Min: 3, Max: 9, CPUPercent: 55}
	})).One(t, "HorizontalPodAutoscaler", "web").Want("spec", `{
		"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
		"minReplicas": 3,
		"maxReplicas": 9,
		"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 55}}}],
		"behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}}
	}`)
}
