package addons_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/charts/addons"
	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

func TestMain(m *testing.M) { charttest.Main(m) }

func synth(t *testing.T, edits ...func(*config.Environment)) charttest.Objects {
	t.Helper()
	return charttest.Synth(t, charttest.Environment(t, edits...), addons.New)
}

func TestTheAddonsAreTheseObjectsWithTheseNames(t *testing.T) {
	got := synth(t).Names()
	want := []string{
		"ClusterSecretStore aws-secrets-manager",
		"Namespace external-secrets",
		"Namespace logging",
		"NetworkPolicy external-secrets",
		"NetworkPolicy logging",
		"ServiceAccount aws-load-balancer-controller",
		"ServiceAccount external-secrets",
		"ServiceAccount fluent-bit",
	}
	if !slices.Equal(got, want) {
		t.Errorf("objects are\n  %v, want\n  %v", got, want)
	}
}

func TestObjectsSayTheirLabels(t *testing.T) {
	for _, object := range synth(t) {
		name, _ := object.At("metadata labels app.kubernetes.io/name").(string)
		if name == "" {
			t.Errorf("%s has no label app.kubernetes.io/name", object)
		}
		object.Want("metadata labels app.kubernetes.io/instance", `"`+name+`-staging"`)
		object.Want("metadata labels app.kubernetes.io/component", `"`+name+`"`)
		object.Want("metadata labels app.kubernetes.io/part-of", `"fintrack"`)
		object.Want("metadata labels app.kubernetes.io/managed-by", `"argocd"`)
	}
}

func TestNamespacesAreHeldToTheLevelThatTheirPodsNeed(t *testing.T) {
	objects := synth(t, func(env *config.Environment) { env.Cluster.Version = "1.36" })
	for name, level := range map[string]string{"external-secrets": "restricted", "logging": "privileged"} {
		namespace := objects.One(t, "Namespace", name)
		namespace.Want("apiVersion", `"v1"`)
		for _, mode := range []string{"enforce", "audit", "warn"} {
			namespace.Want("metadata labels pod-security.kubernetes.io/"+mode, `"`+level+`"`)
			namespace.Want("metadata labels pod-security.kubernetes.io/"+mode+"-version", `"v1.36"`)
		}
	}
}

// The other side of these is in the roles' trust policies.
func TestServiceAccountsAreTheContractsIdentities(t *testing.T) {
	env := charttest.Environment(t)
	c, objects := contract.For(env), synth(t)
	for _, identity := range []contract.Identity{c.ExternalSecrets(), c.FluentBit(), c.ALBController()} {
		account := objects.One(t, "ServiceAccount", identity.ServiceAccount)
		account.Want("apiVersion", `"v1"`)
		account.Want("metadata namespace", `"`+identity.Namespace+`"`)
		account.Want("metadata annotations", `{"eks.amazonaws.com/role-arn": "`+identity.RoleARN+`"}`)
		// A controller needs its token.
		account.WantAbsent("automountServiceAccountToken")
	}
}

func TestAddonsRunWhereTheirNamespaceIs(t *testing.T) {
	objects := synth(t)
	for name, object := range objects {
		namespace, ok := object.At("metadata namespace").(string)
		if !ok || namespace == contract.NamespaceSystem {
			continue
		}
		if _, ok := objects["Namespace "+namespace]; !ok {
			t.Errorf("%s is in the namespace %s, which nothing makes", name, namespace)
		}
	}
}

func TestTheStoreReadsSecretsManagerForTheWorkloadsOnly(t *testing.T) {
	store := synth(t, func(env *config.Environment) { env.Namespace = "shop" }).One(t, "ClusterSecretStore", "aws-secrets-manager")
	store.Want("apiVersion", `"external-secrets.io/v1"`)
	store.WantAbsent("metadata namespace")
	store.Want("spec", `{
		"conditions": [{"namespaces": ["shop"]}],
		"provider": {"aws": {
			"service": "SecretsManager",
			"region": "eu-north-1",
			"auth": {"jwt": {"serviceAccountRef": {"name": "external-secrets", "namespace": "external-secrets"}}}
		}}
	}`)
}

func TestNamespacesAreClosedButForWhatTheirPodsNeed(t *testing.T) {
	objects := synth(t, func(env *config.Environment) { env.Network.Zones[2].Private = "10.0.9.0/24" })
	const (
		dns = `{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
			"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}`
		https  = `{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}], "ports": [{"protocol": "TCP", "port": 443}]}`
		scrape = `{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}], "ports": [{"protocol": "TCP", "port": %s}]}`
		// The API server, in the private subnets.
		webhook = `{"from": [{"ipBlock": {"cidr": "10.0.1.0/24"}}, {"ipBlock": {"cidr": "10.0.2.0/24"}}, {"ipBlock": {"cidr": "10.0.9.0/24"}}], "ports": [{"protocol": "TCP", "port": 10250}]}`
	)
	for namespace, ingress := range map[string]string{
		"external-secrets": "[" + webhook + ", " + strings.Replace(scrape, "%s", "8080", 1) + "]",
		"logging":          "[" + strings.Replace(scrape, "%s", "2020", 1) + "]",
	} {
		policy := objects.One(t, "NetworkPolicy", namespace)
		policy.Want("metadata namespace", `"`+namespace+`"`)
		policy.Want("spec podSelector", `{}`)
		policy.Want("spec policyTypes", `["Ingress", "Egress"]`)
		policy.Want("spec ingress", ingress)
		policy.Want("spec egress", "["+dns+", "+https+"]")
	}
}
