package contract_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
	"github.com/fintrack/platform/contract"
)

// staging is the environment with the example's account, also when somebody
// has put in their own.
func staging() config.Environment {
	e := configtest.Example()
	e.Account = "111122223333"
	e.Owner = "platform@fintrack.example.com"
	e.Repository = "fintrack/platform"
	e.Releases = config.Releases{}
	return e
}

// Every name of staging, written out. These names are in deployed accounts and
// clusters: changing one means replacing what carries it.
func TestNamesOfStaging(t *testing.T) {
	c := contract.For(staging())
	for _, pair := range [][2]string{
		{c.Prefix, "fintrack-staging"},
		{c.Partition, "aws"},
		{c.DNSSuffix, "amazonaws.com"},
		{c.Branch, "environment/staging"},

		{c.Resource("nat"), "fintrack-staging-nat"},
		{c.ClusterLogGroup(), "/aws/eks/fintrack-staging/cluster"},
		{c.FlowLogGroup(), "/aws/vpc/fintrack-staging/flow-logs"},
		{c.ClusterTag(), "kubernetes.io/cluster/fintrack-staging"},
		{c.Parameter("vpc-id"), "/fintrack/staging/platform/vpc-id"},

		{c.LogGroup("application"), "/fintrack/staging/application"},
		{c.LogGroup("platform"), "/fintrack/staging/platform"},

		{c.RepositoryName("web"), "fintrack/web"},
		{c.RepositoryURI("web"), "111122223333.dkr.ecr.eu-north-1.amazonaws.com/fintrack/web"},
		{c.SecretPath("mongodb-uri"), "fintrack/mongodb-uri"},
	} {
		if got, want := pair[0], pair[1]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if c.Cluster != "fintrack-staging" {
		t.Errorf("cluster %q", c.Cluster)
	}
	if want := (contract.Stacks{
		Alarms:   "FinTrackStagingAlarms",
		Network:  "FinTrackStagingNetwork",
		Cluster:  "FinTrackStagingCluster",
		Identity: "FinTrackStagingIdentity",
		Registry: "FinTrackStagingRegistry",
		Database: "FinTrackStagingDatabase",
		Platform: "FinTrackStaging",
	}); c.Stacks != want {
		t.Errorf("stacks %+v, want %+v", c.Stacks, want)
	}
	if got, want := c.Tags(), map[string]string{
		"project":     "fintrack",
		"environment": "staging",
		"owner":       "platform@fintrack.example.com",
		"repository":  "fintrack/platform",
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("tags %v, want %v", got, want)
	}
}

func TestConstants(t *testing.T) {
	for _, pair := range [][2]string{
		{contract.TokenAudience, "sts.amazonaws.com"},
		{contract.RoleAnnotation, "eks.amazonaws.com/role-arn"},
		{contract.PortName, "http"},
		{contract.SecretStore, "aws-secrets-manager"},
		{contract.UnreleasedTag, "unreleased"},
		{contract.NamespaceSystem, "kube-system"},
		{contract.NamespaceExternalSecrets, "external-secrets"},
		{contract.NamespaceLogging, "logging"},
		{contract.NamespaceMonitoring, "monitoring"},
		{contract.LabelName, "app.kubernetes.io/name"},
		{contract.LabelInstance, "app.kubernetes.io/instance"},
		{contract.LabelComponent, "app.kubernetes.io/component"},
		{contract.LabelPartOf, "app.kubernetes.io/part-of"},
		{contract.LabelManagedBy, "app.kubernetes.io/managed-by"},
		{contract.LabelVersion, "app.kubernetes.io/version"},
	} {
		if got, want := pair[0], pair[1]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestIdentitiesOfStaging(t *testing.T) {
	c := contract.For(staging())
	for _, test := range []struct {
		got                                  contract.Identity
		role, namespace, account, arn, claim string
	}{
		{c.ExternalSecrets(), "fintrack-staging-external-secrets", "external-secrets", "external-secrets", "arn:aws:iam::111122223333:role/fintrack-staging-external-secrets", "system:serviceaccount:external-secrets:external-secrets"},
		{c.FluentBit(), "fintrack-staging-fluent-bit", "logging", "fluent-bit", "arn:aws:iam::111122223333:role/fintrack-staging-fluent-bit", "system:serviceaccount:logging:fluent-bit"},
		{c.ALBController(), "fintrack-staging-alb-controller", "kube-system", "aws-load-balancer-controller", "arn:aws:iam::111122223333:role/fintrack-staging-alb-controller", "system:serviceaccount:kube-system:aws-load-balancer-controller"},
		{c.VPCCNI(), "fintrack-staging-vpc-cni", "kube-system", "aws-node", "arn:aws:iam::111122223333:role/fintrack-staging-vpc-cni", "system:serviceaccount:kube-system:aws-node"},
		{c.EBSCSI(), "fintrack-staging-ebs-csi", "kube-system", "ebs-csi-controller-sa", "arn:aws:iam::111122223333:role/fintrack-staging-ebs-csi", "system:serviceaccount:kube-system:ebs-csi-controller-sa"},
		{c.Workload("web"), "fintrack-staging-web", "fintrack", "web", "arn:aws:iam::111122223333:role/fintrack-staging-web", "system:serviceaccount:fintrack:web"},
	} {
		want := contract.Identity{Role: test.role, RoleARN: test.arn, Namespace: test.namespace, ServiceAccount: test.account}
		if test.got != want {
			t.Errorf("got %+v, want %+v", test.got, want)
		}
		if got := test.got.Subject(); got != test.claim {
			t.Errorf("subject %q, want %q", got, test.claim)
		}
	}
}

// identities lists the platform's own, by the methods that there are, so that a
// new one is under all tests at once.
func identities(c contract.Contract) map[string]contract.Identity {
	all := map[string]contract.Identity{}
	v := reflect.ValueOf(c)
	for i := range v.NumMethod() {
		if call, ok := reflect.TypeAssert[func() contract.Identity](v.Method(i)); ok {
			all[v.Type().Method(i).Name] = call()
		}
	}
	return all
}

func TestThePlatformHasItsIdentities(t *testing.T) {
	all := identities(contract.For(staging()))
	for _, name := range []string{"ExternalSecrets", "FluentBit", "ALBController", "VPCCNI", "EBSCSI"} {
		if _, ok := all[name]; !ok {
			t.Errorf("no identity %s", name)
		}
	}
}

// No two service accounts share a role, and no service account has two.
func TestIdentitiesAreDistinct(t *testing.T) {
	e := configtest.Full()
	c := contract.For(e)
	all := identities(c)
	for _, w := range e.Workloads {
		all["workload "+w.Name] = c.Workload(w.Name)
	}
	for _, field := range []func(contract.Identity) string{
		func(i contract.Identity) string { return i.Role },
		func(i contract.Identity) string { return i.RoleARN },
		contract.Identity.Subject,
	} {
		owner := map[string]string{}
		for name, identity := range all {
			value := field(identity)
			if other, taken := owner[value]; taken {
				t.Errorf("%s and %s share %q", name, other, value)
			}
			owner[value] = name
		}
	}
}

// config refuses what would collide with the platform's own names. It cannot
// import this package, so its lists are compared here.
func TestConfigRefusesThePlatformsNames(t *testing.T) {
	refuses := func(field string, change func(e *config.Environment)) {
		t.Helper()
		e := staging()
		change(&e)
		problems, _ := errors.AsType[config.Problems](e.Validate())
		if len(problems) != 1 || problems[0].Field != field {
			t.Errorf("want one problem with %s, got %v", field, problems)
		}
	}
	c := contract.For(staging())
	namespaces := map[string]bool{contract.NamespaceMonitoring: true}
	for _, identity := range identities(c) {
		namespaces[identity.Namespace] = true
		refuses("workloads[0].name", func(e *config.Environment) {
			e.Workloads[0].Name = strings.TrimPrefix(identity.Role, c.Prefix+"-")
		})
	}
	for namespace := range namespaces {
		refuses("namespace", func(e *config.Environment) { e.Namespace = namespace })
	}
	refuses(`releases.workloads["web"].tag`, func(e *config.Environment) {
		e.Releases = configtest.Full().Releases
		web := e.Releases.Workloads["web"]
		web.Tag = contract.UnreleasedTag
		e.Releases.Workloads["web"] = web
	})
	// An environment "staging-network" would have staging's network stack as
	// its front door.
	for stack := range reflect.TypeFor[contract.Stacks]().Fields() {
		if part := stack.Name; part != "Platform" {
			refuses("name", func(e *config.Environment) { e.Name = "staging-" + strings.ToLower(part) })
		}
	}
}

func TestPartitions(t *testing.T) {
	for region, want := range map[string]struct{ partition, arn, uri string }{
		"eu-north-1":    {"aws", "arn:aws:iam::111122223333:role/fintrack-staging-web", "111122223333.dkr.ecr.eu-north-1.amazonaws.com/fintrack/web"},
		"us-east-1":     {"aws", "arn:aws:iam::111122223333:role/fintrack-staging-web", "111122223333.dkr.ecr.us-east-1.amazonaws.com/fintrack/web"},
		"cn-north-1":    {"aws-cn", "arn:aws-cn:iam::111122223333:role/fintrack-staging-web", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/fintrack/web"},
		"us-gov-west-1": {"aws-us-gov", "arn:aws-us-gov:iam::111122223333:role/fintrack-staging-web", "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/fintrack/web"},
	} {
		e := staging()
		e.Region = region
		c := contract.For(e)
		if c.Partition != want.partition || c.Workload("web").RoleARN != want.arn || c.RepositoryURI("web") != want.uri {
			t.Errorf("%s: got %s, %s, %s", region, c.Partition, c.Workload("web").RoleARN, c.RepositoryURI("web"))
		}
	}
}

// Each name follows the field that it is made of, and no other.
func TestNamesFollowTheirFields(t *testing.T) {
	e := staging()
	e.Project, e.DisplayName, e.Name, e.Account, e.Region = "acme", "Acme", "load-test", "444455556666", "eu-west-1"
	e.Namespace, e.Registry.Prefix, e.Secrets.Prefix, e.Logs.Prefix = "apps", "images", "vault", "/logs"
	c := contract.For(e)
	for _, pair := range [][2]string{
		{c.Cluster, "acme-load-test"},
		{c.Branch, "environment/load-test"},
		{c.Stacks.Platform, "AcmeLoadTest"},
		{c.Stacks.Identity, "AcmeLoadTestIdentity"},
		{c.ClusterLogGroup(), "/aws/eks/acme-load-test/cluster"},
		{c.FlowLogGroup(), "/aws/vpc/acme-load-test/flow-logs"},
		{c.LogGroup("x"), "/logs/load-test/x"},
		{c.Parameter("x"), "/acme/load-test/platform/x"},
		{c.SecretPath("x"), "vault/x"},
		{c.RepositoryURI("x"), "444455556666.dkr.ecr.eu-west-1.amazonaws.com/images/x"},
		{c.Workload("x").RoleARN, "arn:aws:iam::444455556666:role/acme-load-test-x"},
		{c.Workload("x").Subject(), "system:serviceaccount:apps:x"},
		{c.FluentBit().Subject(), "system:serviceaccount:logging:fluent-bit"},
		{c.Tags()["environment"], "load-test"},
		{c.SharedLabels("x")["app.kubernetes.io/instance"], "x-load-test"},
	} {
		if got, want := pair[0], pair[1]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestImages(t *testing.T) {
	e := staging()
	const repository = "111122223333.dkr.ecr.eu-north-1.amazonaws.com/fintrack/web"
	check := func(image, version string, unreleased ...string) {
		t.Helper()
		c := contract.For(e)
		if got := c.Image("web"); got != image {
			t.Errorf("image %q, want %q", got, image)
		}
		if got := c.Version("web"); got != version {
			t.Errorf("version %q, want %q", got, version)
		}
		if got := c.Unreleased(); !reflect.DeepEqual(got, unreleased) {
			t.Errorf("unreleased %q, want %q", got, unreleased)
		}
	}
	check(repository+":unreleased", "unreleased", "web")
	e.Releases.Workloads = map[string]config.Release{"other": {Tag: "1", Digest: "2"}}
	check(repository+":unreleased", "unreleased", "web")
	e.Releases.Workloads["web"] = config.Release{Tag: "0123abc", Digest: "sha256:0123", Commit: "0123abcdef"}
	check(repository+":0123abc@sha256:0123", "0123abc")

	e.Workloads = append(e.Workloads, config.Workload{Name: "api"})
	check(repository+":0123abc@sha256:0123", "0123abc", "api")
}

func TestLabels(t *testing.T) {
	e := staging()
	e.Workloads[0].Component = "frontend"
	e.Releases.Workloads = map[string]config.Release{"web": {Tag: "0123abc"}}
	c := contract.For(e)
	want := map[string]string{
		"app.kubernetes.io/name":       "web",
		"app.kubernetes.io/instance":   "web-staging",
		"app.kubernetes.io/component":  "frontend",
		"app.kubernetes.io/part-of":    "fintrack",
		"app.kubernetes.io/managed-by": "argocd",
	}
	if got := c.Labels(e.Workloads[0]); !reflect.DeepEqual(got, want) {
		t.Errorf("labels %v, want %v", got, want)
	}
	want["app.kubernetes.io/version"] = "0123abc"
	if got := c.ReleaseLabels(e.Workloads[0]); !reflect.DeepEqual(got, want) {
		t.Errorf("labels of a release %v, want %v", got, want)
	}
	if got, want := c.SelectorLabels("web"), map[string]string{
		"app.kubernetes.io/name":     "web",
		"app.kubernetes.io/instance": "web-staging",
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("selector %v, want %v", got, want)
	}
	if got, want := c.SharedLabels("default-deny"), map[string]string{
		"app.kubernetes.io/name":       "default-deny",
		"app.kubernetes.io/instance":   "default-deny-staging",
		"app.kubernetes.io/component":  "default-deny",
		"app.kubernetes.io/part-of":    "fintrack",
		"app.kubernetes.io/managed-by": "argocd",
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("shared labels %v, want %v", got, want)
	}
}

// Kubernetes refuses a change of a selector. So nothing that a release or an
// edit of the workload changes may be in it, and all of it must be on the pods.
func TestSelectorsNeverChange(t *testing.T) {
	e := configtest.Full()
	for i, w := range e.Workloads {
		before := contract.For(e).SelectorLabels(w.Name)
		labels := contract.For(e).Labels(w)
		for key, value := range before {
			if labels[key] != value {
				t.Errorf("%s: selector %s=%s is not among the labels %v", w.Name, key, value, labels)
			}
		}
		changed := configtest.Full()
		empty := config.Workload{Name: w.Name, Component: "another"}
		changed.Workloads[i] = empty
		changed.Releases = config.Releases{Workloads: map[string]config.Release{w.Name: {Tag: "another"}}}
		changed.Network, changed.Cluster = config.Network{}, config.Cluster{}
		changed.Account, changed.Region = "444455556666", "us-east-1"
		if after := contract.For(changed).SelectorLabels(w.Name); !reflect.DeepEqual(after, before) {
			t.Errorf("%s: the selector changed from %v to %v", w.Name, before, after)
		}
	}
	c := contract.For(e)
	if reflect.DeepEqual(c.SelectorLabels("web"), c.SelectorLabels("worker")) {
		t.Error("two workloads have the same selector")
	}
	// Callers add to the maps that they get.
	c.SelectorLabels("web")["more"] = "x"
	c.Labels(e.Workloads[0])["more"] = "x"
	c.Tags()["more"] = "x"
	if len(c.SelectorLabels("web")) != 2 || len(c.Labels(e.Workloads[0])) != 5 || len(c.Tags()) != 4 {
		t.Error("a map was shared between two calls")
	}
}

// Fluent Bit may write below the workloads' prefix; AWS' own logs must not be
// there.
func TestOnlyWorkloadLogsAreBelowTheLogPrefix(t *testing.T) {
	e := staging()
	c := contract.For(e)
	for _, g := range e.Logs.Groups {
		if !strings.HasPrefix(c.LogGroup(g.Name), e.Logs.Prefix+"/") {
			t.Errorf("%s is not below %s/", c.LogGroup(g.Name), e.Logs.Prefix)
		}
	}
	for _, group := range []string{c.ClusterLogGroup(), c.FlowLogGroup()} {
		if !strings.HasPrefix(group, "/aws/") {
			t.Errorf("%s is not below /aws/, which config refuses as the workloads' prefix", group)
		}
	}
}
