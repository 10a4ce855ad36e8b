package fintrack

import "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

// horizontalPodAutoscaler sets the number of pods by the CPU that they use of
// what they request.
func (w workload) horizontalPodAutoscaler() {
	if !w.Autoscaling.Enabled {
		return
	}
	k8s.NewKubeHorizontalPodAutoscalerV2(w.chart.Scope, w.chart.ID("HorizontalPodAutoscaler", w.Name), &k8s.KubeHorizontalPodAutoscalerV2Props{
		Metadata: w.meta(w.Name).Object(),
		Spec: &k8s.HorizontalPodAutoscalerSpecV2{
			ScaleTargetRef: &k8s.CrossVersionObjectReferenceV2{
				ApiVersion: new("apps/v1"), Kind: new("Deployment"), Name: new(w.Name),
			},
			MinReplicas: new(float64(w.Autoscaling.Min)),
			MaxReplicas: new(float64(w.Autoscaling.Max)),
			Metrics: &[]*k8s.MetricSpecV2{{
				Type: new("Resource"),
				Resource: &k8s.ResourceMetricSourceV2{
					Name: new("cpu"),
					Target: &k8s.MetricTargetV2{
						Type: new("Utilization"), AverageUtilization: new(float64(w.Autoscaling.CPUPercent)),
					},
				},
			}},
			Behavior: &k8s.HorizontalPodAutoscalerBehaviorV2{
				// Up at once, down only after five minutes of less load: a pod
				// takes a minute to leave and one to come back, so flapping
				// would cost more than the pod.
				ScaleDown: &k8s.HpaScalingRulesV2{StabilizationWindowSeconds: new(300.0)},
			},
		},
	})
}
