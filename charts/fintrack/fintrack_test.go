package fintrack_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/charts/fintrack"
	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

func TestMain(m *testing.M) { charttest.Main(m) }

// synth makes the chart of staging, changed by edits.
func synth(t *testing.T, edits ...func(*config.Environment)) charttest.Objects {
	t.Helper()
	return charttest.Synth(t, charttest.Environment(t, edits...), fintrack.New)
}

func workload(edit func(*config.Workload)) func(*config.Environment) {
	return charttest.Workload(edit)
}

// second adds a workload "api" that nothing outside calls.
func second(env *config.Environment) {
	api := env.Workloads[0]
	api.Name, api.Component, api.Port = "api", "backend", 8080
	api.Ingress, api.Secrets, api.Settings = nil, nil, nil
	env.Workloads = append(env.Workloads, api)
}

func TestAWorkloadIsTheseObjectsWithTheseNames(t *testing.T) {
	got := synth(t).Names()
	want := []string{
		"ConfigMap web-d25c8d1c52",
		"Deployment web",
		"ExternalSecret web",
		"HorizontalPodAutoscaler web",
		"Ingress web",
		"Namespace fintrack",
		"NetworkPolicy default-deny",
		"NetworkPolicy web",
		"PodDisruptionBudget web",
		"Service web",
		"ServiceAccount web",
	}
	if !slices.Equal(got, want) {
		t.Errorf("objects are\n  %v, want\n  %v", got, want)
	}
}

func TestObjectsSayTheirAPIVersion(t *testing.T) {
	want := map[string]string{
		"ConfigMap":               `"v1"`,
		"Deployment":              `"apps/v1"`,
		"ExternalSecret":          `"external-secrets.io/v1"`,
		"HorizontalPodAutoscaler": `"autoscaling/v2"`,
		"Ingress":                 `"networking.k8s.io/v1"`,
		"Namespace":               `"v1"`,
		"NetworkPolicy":           `"networking.k8s.io/v1"`,
		"PodDisruptionBudget":     `"policy/v1"`,
		"Service":                 `"v1"`,
		"ServiceAccount":          `"v1"`,
	}
	for name, object := range synth(t) {
		kind, _, _ := strings.Cut(name, " ")
		object.Want("apiVersion", want[kind])
	}
}

func TestObjectsSayTheirNamespaceAndLabels(t *testing.T) {
	for name, object := range synth(t, func(env *config.Environment) { env.Namespace = "shop" }) {
		switch name {
		case "Namespace shop":
			object.WantAbsent("metadata namespace")
			object.Want("metadata labels app.kubernetes.io/part-of", `"fintrack"`)
			object.Want("metadata labels app.kubernetes.io/name", `"namespace"`)
		case "NetworkPolicy default-deny":
			object.Want("metadata namespace", `"shop"`)
			object.Want("metadata labels", `{
				"app.kubernetes.io/name": "default-deny",
				"app.kubernetes.io/instance": "default-deny-staging",
				"app.kubernetes.io/component": "default-deny",
				"app.kubernetes.io/part-of": "fintrack",
				"app.kubernetes.io/managed-by": "argocd"
			}`)
		case "Deployment web":
			object.Want("metadata namespace", `"shop"`)
			object.Want("metadata labels", webReleaseLabels)
		default:
			object.Want("metadata namespace", `"shop"`)
			object.Want("metadata labels", webLabels)
		}
	}
}

const (
	webSelector = `{"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "web-staging"}`
	webLabels   = `{
		"app.kubernetes.io/name": "web",
		"app.kubernetes.io/instance": "web-staging",
		"app.kubernetes.io/component": "web",
		"app.kubernetes.io/part-of": "fintrack",
		"app.kubernetes.io/managed-by": "argocd"
	}`
	webReleaseLabels = `{
		"app.kubernetes.io/name": "web",
		"app.kubernetes.io/instance": "web-staging",
		"app.kubernetes.io/component": "web",
		"app.kubernetes.io/part-of": "fintrack",
		"app.kubernetes.io/managed-by": "argocd",
		"app.kubernetes.io/version": "1a2b3c4"
	}`
)

// What selects pods must find the pods of its workload and no other's.
func TestSelectorsFindThePodsOfTheirWorkloadOnly(t *testing.T) {
	objects := synth(t, second)
	for kind, path := range map[string]string{
		"Deployment":          "spec selector matchLabels",
		"Service":             "spec selector",
		"PodDisruptionBudget": "spec selector matchLabels",
		"NetworkPolicy":       "spec podSelector matchLabels",
	} {
		for _, name := range []string{"web", "api"} {
			selector, ok := objects.One(t, kind, name).At(path).(map[string]any)
			if !ok || len(selector) == 0 {
				t.Errorf("%s %s selects everything", kind, name)
			}
			for _, pods := range []string{"web", "api"} {
				labels := objects.One(t, "Deployment", pods).At("spec template metadata labels").(map[string]any)
				matches := true
				for key, value := range selector {
					matches = matches && labels[key] == value
				}
				if matches != (name == pods) {
					t.Errorf("%s %s selects the pods of %s: %v", kind, name, pods, matches)
				}
			}
		}
	}
}

func TestASecondWorkloadIsOneMoreValue(t *testing.T) {
	one, two := synth(t), synth(t, second)
	for name, object := range one {
		if got := two[name].String(); got != object.String() {
			t.Errorf("%s changed with another workload:\n  %s, was\n  %s", name, got, object)
		}
		delete(two, name)
	}
	want := []string{
		"Deployment api", "HorizontalPodAutoscaler api", "NetworkPolicy api",
		"PodDisruptionBudget api", "Service api", "ServiceAccount api",
	}
	if got := two.Names(); !slices.Equal(got, want) {
		t.Errorf("the second workload is\n  %v, want\n  %v", got, want)
	}
	two.One(t, "Deployment", "api").Want("spec template spec containers 0 ports 0 containerPort", `8080`)
	two.One(t, "Deployment", "api").Want("spec template spec containers 0 env 0", `{"name": "PORT", "value": "8080"}`)
	two.One(t, "Service", "api").Want("metadata labels app.kubernetes.io/component", `"backend"`)
}

func TestTheSeamsAreTheContracts(t *testing.T) {
	env := charttest.Environment(t)
	c, objects := contract.For(env), synth(t)
	objects.One(t, "ServiceAccount", c.Workload("web").ServiceAccount).
		Want("metadata annotations "+contract.RoleAnnotation, `"`+c.Workload("web").RoleARN+`"`)
	objects.One(t, "Deployment", "web").
		Want("spec template spec containers 0 image", `"`+c.Image("web")+`"`)
	objects.One(t, "ExternalSecret", "web").
		Want("spec data 0 remoteRef key", `"`+c.SecretPath("mongodb-uri")+`"`)
}
