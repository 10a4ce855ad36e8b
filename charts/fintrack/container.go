package fintrack

import (
	"strconv"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/contract"
)

func (w workload) container(configMap, secret string) *k8s.Container {
	return &k8s.Container{
		Name:  new(w.Name),
		Image: new(w.contract.Image(w.Name)),
		// The digest in the image's name makes a second pull pointless.
		ImagePullPolicy: new("IfNotPresent"),
		Env: &[]*k8s.EnvVar{
			{Name: new("PORT"), Value: new(strconv.Itoa(w.Port))},
		},
		EnvFrom: environment(configMap, secret),
		Ports: &[]*k8s.ContainerPort{
			{Name: new(contract.PortName), ContainerPort: new(float64(w.Port)), Protocol: new("TCP")},
		},
		// A minute to start: 30 tries, one every 2 s, so that a quick start is
		// also noticed quickly. The other probes wait for it.
		StartupProbe: w.probe(w.Health.Live, 2, 30),
		// Half a minute of silence is a hang and not a slow request; a restart
		// is the last resort.
		LivenessProbe: w.probe(w.Health.Live, 10, 3),
		// Two misses, 10 s, take the pod out of the Service. That is cheap and
		// undone by one success.
		ReadinessProbe: w.probe(w.Health.Ready, 5, 2),
		Lifecycle: &k8s.Lifecycle{
			// The kubelet sleeps, not a program in the image: that one may
			// have no shell. Only afterwards comes SIGTERM.
			PreStop: &k8s.LifecycleHandler{
				Sleep: &k8s.SleepAction{Seconds: new(float64(w.preStopSeconds()))},
			},
		},
		Resources: w.resources(),
		SecurityContext: &k8s.SecurityContext{
			AllowPrivilegeEscalation: new(false),
			Capabilities:             &k8s.Capabilities{Drop: jsii.Strings("ALL")},
			ReadOnlyRootFilesystem:   new(true),
			RunAsNonRoot:             new(true),
		},
		VolumeMounts: w.volumeMounts(),
	}
}

// probe asks over HTTP, as the load balancer does. Two seconds are ample for an
// answer that touches nothing, even on a throttled CPU.
func (w workload) probe(path string, period, failures float64) *k8s.Probe {
	return &k8s.Probe{
		HttpGet:          &k8s.HttpGetAction{Path: new(path), Port: w.values.Name(contract.PortName)},
		PeriodSeconds:    new(period),
		FailureThreshold: new(failures),
		TimeoutSeconds:   new(2.0),
	}
}

func (w workload) resources() *k8s.ResourceRequirements {
	return &k8s.ResourceRequirements{
		Requests: &map[string]k8s.Quantity{
			"cpu":    w.values.Quantity(w.Resources.CPURequest),
			"memory": w.values.Quantity(w.Resources.MemoryRequest),
		},
		Limits: &map[string]k8s.Quantity{
			"cpu":    w.values.Quantity(w.Resources.CPULimit),
			"memory": w.values.Quantity(w.Resources.MemoryLimit),
		},
	}
}

// environment takes all keys of the ConfigMap and the Secret as variables. Both
// must exist before a pod starts.
func environment(configMap, secret string) *[]*k8s.EnvFromSource {
	var sources []*k8s.EnvFromSource
	if configMap != "" {
		sources = append(sources, &k8s.EnvFromSource{ConfigMapRef: &k8s.ConfigMapEnvSource{Name: new(configMap)}})
	}
	if secret != "" {
		sources = append(sources, &k8s.EnvFromSource{SecretRef: &k8s.SecretEnvSource{Name: new(secret)}})
	}
	if sources == nil {
		return nil
	}
	return &sources
}

func (w workload) volumeMounts() *[]*k8s.VolumeMount {
	if len(w.Writable) == 0 {
		return nil
	}
	var mounts []*k8s.VolumeMount
	for _, dir := range w.Writable {
		mounts = append(mounts, &k8s.VolumeMount{Name: new(volumeName(dir.Path)), MountPath: new(dir.Path)})
	}
	return &mounts
}
