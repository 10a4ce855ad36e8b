package fintrack

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/internal/ptr"
)

// Seconds between a pod's end being decided and the load balancer knowing of
// it: the controller sees the deletion, calls AWS, and AWS tells its nodes.
// Until then the load balancer takes the pod for healthy, on top of its own
// deregistration delay.
const deregistrationLag = 5

// deployment runs the workload. The names are those of the ConfigMap and the
// Secret with its environment; "" means that there is none.
func (w workload) deployment(configMap, secret string) {
	spec := &k8s.DeploymentSpec{
		// Git is the history; these are for `kubectl rollout undo` at night.
		RevisionHistoryLimit: new(3.0),
		Selector:             w.pods(),
		Strategy: &k8s.DeploymentStrategy{
			Type: new("RollingUpdate"),
			// First one more, then one less: never fewer pods than now, and
			// the cluster needs room for a single extra pod.
			RollingUpdate: &k8s.RollingUpdateDeployment{
				MaxUnavailable: w.values.Number(0),
				MaxSurge:       w.values.Number(1),
			},
		},
		Template: &k8s.PodTemplateSpec{
			Metadata: &k8s.ObjectMeta{Labels: ptr.Map(w.contract.ReleaseLabels(w.Workload))},
			Spec:     w.pod(configMap, secret),
		},
	}
	if !w.Autoscaling.Enabled {
		spec.Replicas = new(float64(w.Replicas))
	}
	meta := w.meta(w.Name)
	meta.Labels = w.contract.ReleaseLabels(w.Workload)
	k8s.NewKubeDeployment(w.chart.Scope, w.chart.ID("Deployment", w.Name), &k8s.KubeDeploymentProps{
		Metadata: meta.Object(),
		Spec:     spec,
	})
}

func (w workload) pod(configMap, secret string) *k8s.PodSpec {
	return &k8s.PodSpec{
		ServiceAccountName:           new(w.contract.Workload(w.Name).ServiceAccount),
		AutomountServiceAccountToken: new(false), // see serviceaccount.go
		// Or the pod's environment would list every Service of the namespace.
		EnableServiceLinks: new(false),
		SecurityContext: &k8s.PodSecurityContext{
			RunAsNonRoot: new(true),
			RunAsUser:    new(float64(w.User)),
			RunAsGroup:   new(float64(w.User)),
			// Makes the writable directories belong to the user.
			FsGroup:        new(float64(w.User)),
			SeccompProfile: &k8s.SeccompProfile{Type: new("RuntimeDefault")},
		},
		// The grace period runs from the beginning of preStop: first the load
		// balancer drains (30 s and 5 s of lag in staging), then the program
		// ends (20 s): 55 s.
		TerminationGracePeriodSeconds: new(float64(w.preStopSeconds() + w.ShutdownSeconds)),
		TopologySpreadConstraints: &[]*k8s.TopologySpreadConstraint{
			w.spread("topology.kubernetes.io/zone"),
			w.spread("kubernetes.io/hostname"),
		},
		Containers: &[]*k8s.Container{w.container(configMap, secret)},
		Volumes:    w.volumes(),
	}
}

// preStopSeconds is how long a leaving pod goes on serving.
func (w workload) preStopSeconds() int { return w.DrainSeconds + deregistrationLag }

// spread asks for an even spread. It does not insist: with SPOT nodes there may
// be one node or one zone for a while, and a crowded pod is better than none.
// Only pods of the same revision count, or a rollout would place the new pods
// around the old ones that are about to leave.
func (w workload) spread(topology string) *k8s.TopologySpreadConstraint {
	return &k8s.TopologySpreadConstraint{
		MaxSkew:           new(1.0),
		TopologyKey:       new(topology),
		WhenUnsatisfiable: new("ScheduleAnyway"),
		LabelSelector:     w.pods(),
		MatchLabelKeys:    jsii.Strings("pod-template-hash"),
	}
}

// volumes are the writable directories: the root file system is read-only.
func (w workload) volumes() *[]*k8s.Volume {
	if len(w.Writable) == 0 {
		return nil
	}
	var volumes []*k8s.Volume
	for _, dir := range w.Writable {
		volumes = append(volumes, &k8s.Volume{
			Name:     new(volumeName(dir.Path)),
			EmptyDir: &k8s.EmptyDirVolumeSource{SizeLimit: w.values.Quantity(dir.SizeLimit)},
		})
	}
	return &volumes
}
