package fintrack_test

import (
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
)

func TestTheAutoscalerOwnsTheReplicas(t *testing.T) {
	objects := synth(t)
	objects.One(t, "HorizontalPodAutoscaler", "web")
	objects.One(t, "Deployment", "web").WantAbsent("spec replicas")

	objects = synth(t, workload(func(w *config.Workload) { w.Autoscaling.Enabled, w.Replicas = false, 4 }))
	objects.None(t, "HorizontalPodAutoscaler")
	objects.One(t, "Deployment", "web").Want("spec replicas", `4`)
}

func TestARolloutNeverHasFewerPods(t *testing.T) {
	deployment := synth(t).One(t, "Deployment", "web")
	deployment.Want("spec strategy", `{"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}`)
	deployment.Want("spec revisionHistoryLimit", `3`)
}

func TestPodsCarryAllLabelsAndTheSelectorIsStable(t *testing.T) {
	deployment := synth(t).One(t, "Deployment", "web")
	deployment.Want("spec template metadata labels", webReleaseLabels)
	// A Deployment's selector cannot be changed, so nothing that a release
	// changes may be in it.
	deployment.Want("spec selector", `{"matchLabels": `+webSelector+`}`)
}

func TestPodsMeetPodSecurityRestricted(t *testing.T) {
	pod := synth(t, workload(func(w *config.Workload) { w.User = 2002 })).One(t, "Deployment", "web")
	pod.Want("spec template spec securityContext", `{
		"runAsNonRoot": true, "runAsUser": 2002, "runAsGroup": 2002, "fsGroup": 2002,
		"seccompProfile": {"type": "RuntimeDefault"}
	}`)
	pod.Want("spec template spec containers 0 securityContext", `{
		"allowPrivilegeEscalation": false,
		"capabilities": {"drop": ["ALL"]},
		"readOnlyRootFilesystem": true,
		"runAsNonRoot": true
	}`)
}

func TestPodsHaveTheirServiceAccountAndNothingMoreOfKubernetes(t *testing.T) {
	pod := synth(t).One(t, "Deployment", "web")
	pod.Want("spec template spec serviceAccountName", `"web"`)
	pod.Want("spec template spec automountServiceAccountToken", `false`)
	pod.Want("spec template spec enableServiceLinks", `false`)
}

func TestThereIsOneContainer(t *testing.T) {
	containers, _ := synth(t).One(t, "Deployment", "web").At("spec template spec containers").([]any)
	if len(containers) != 1 {
		t.Errorf("there are %d containers, want 1", len(containers))
	}
}

func TestTheImageIsPulledByDigest(t *testing.T) {
	container := synth(t).One(t, "Deployment", "web")
	container.Want("spec template spec containers 0 image",
		`"111122223333.dkr.ecr.eu-north-1.amazonaws.com/fintrack/web:1a2b3c4@sha256:`+strings.Repeat("0123456789abcdef", 4)+`"`)
	container.Want("spec template spec containers 0 imagePullPolicy", `"IfNotPresent"`)
	container.Want("spec template spec containers 0 name", `"web"`)
}

func TestThePortIsTheWorkloads(t *testing.T) {
	container := synth(t, workload(func(w *config.Workload) { w.Port = 4000 })).One(t, "Deployment", "web")
	container.Want("spec template spec containers 0 env", `[{"name": "PORT", "value": "4000"}]`)
	container.Want("spec template spec containers 0 ports", `[{"name": "http", "containerPort": 4000, "protocol": "TCP"}]`)
}

func TestProbes(t *testing.T) {
	container := synth(t, workload(func(w *config.Workload) { w.Health = config.Health{Live: "/live", Ready: "/ready"} })).
		One(t, "Deployment", "web")
	for probe, want := range map[string]string{
		"startupProbe":   `{"httpGet": {"path": "/live", "port": "http"}, "periodSeconds": 2, "failureThreshold": 30, "timeoutSeconds": 2}`,
		"livenessProbe":  `{"httpGet": {"path": "/live", "port": "http"}, "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 2}`,
		"readinessProbe": `{"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5, "failureThreshold": 2, "timeoutSeconds": 2}`,
	} {
		container.Want("spec template spec containers 0 "+probe, want)
	}
}

func TestResources(t *testing.T) {
	container := synth(t, workload(func(w *config.Workload) {
		w.Resources = config.Resources{CPURequest: "150m", CPULimit: "1", MemoryRequest: "64Mi", MemoryLimit: "1Gi"}
	})).One(t, "Deployment", "web")
	container.Want("spec template spec containers 0 resources", `{
		"requests": {"cpu": "150m", "memory": "64Mi"},
		"limits": {"cpu": "1", "memory": "1Gi"}
	}`)
}

func TestALeavingPodOutlivesTheLoadBalancersDeregistration(t *testing.T) {
	objects := synth(t, workload(func(w *config.Workload) { w.DrainSeconds, w.ShutdownSeconds = 40, 15 }))
	objects.One(t, "Ingress", "web").Want("metadata annotations alb.ingress.kubernetes.io/target-group-attributes", `"deregistration_delay.timeout_seconds=40"`)
	pod := objects.One(t, "Deployment", "web")
	pod.Want("spec template spec containers 0 lifecycle", `{"preStop": {"sleep": {"seconds": 45}}}`)
	pod.Want("spec template spec terminationGracePeriodSeconds", `60`)
}

func TestPodsSpreadOverZonesAndNodes(t *testing.T) {
	pod := synth(t).One(t, "Deployment", "web")
	for i, topology := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
		pod.Want("spec template spec topologySpreadConstraints "+string(rune('0'+i)), `{
			"maxSkew": 1,
			"topologyKey": "`+topology+`",
			"whenUnsatisfiable": "ScheduleAnyway",
			"labelSelector": {"matchLabels": `+webSelector+`},
			"matchLabelKeys": ["pod-template-hash"]
		}`)
	}
	pod.WantAbsent("spec template spec topologySpreadConstraints 2")
}

func TestWritableDirectoriesAreBoundedVolumes(t *testing.T) {
	pod := synth(t, workload(func(w *config.Workload) {
		w.Writable = []config.WritableDir{{Path: "/tmp", SizeLimit: "20Mi"}, {Path: "/app/.cache", SizeLimit: "1Gi"}}
	})).One(t, "Deployment", "web")
	pod.Want("spec template spec volumes", `[
		{"name": "tmp", "emptyDir": {"sizeLimit": "20Mi"}},
		{"name": "app-cache-2798e0", "emptyDir": {"sizeLimit": "1Gi"}}
	]`)
	pod.Want("spec template spec containers 0 volumeMounts", `[
		{"name": "tmp", "mountPath": "/tmp"},
		{"name": "app-cache-2798e0", "mountPath": "/app/.cache"}
	]`)

	pod = synth(t, workload(func(w *config.Workload) { w.Writable = nil })).One(t, "Deployment", "web")
	pod.WantAbsent("spec template spec volumes")
	pod.WantAbsent("spec template spec containers 0 volumeMounts")
}
