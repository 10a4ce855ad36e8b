package contract_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
	"github.com/fintrack/platform/contract"
)

// What AWS, Kubernetes, Git and the container runtime take as a name, and how
// long it may be (from each service's API reference).
var limits = map[string]struct {
	shape   *regexp.Regexp
	longest int
}{
	"stack":              {regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]*$`), 128},
	"cluster":            {regexp.MustCompile(`^[0-9A-Za-z][A-Za-z0-9_-]*$`), 100},
	"resource":           {regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`), 63}, // RDS is the strictest
	"role":               {regexp.MustCompile(`^[\w+=,.@-]+$`), 64},
	"role ARN":           {regexp.MustCompile(`^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[\w+=,.@-]+$`), 2048},
	"topic":              {regexp.MustCompile(`^[A-Za-z0-9_-]+$`), 256},
	"Auto Scaling group": {regexp.MustCompile(`^[A-Za-z0-9_-]+$`), 255},
	"alarm":              {regexp.MustCompile(`^[A-Za-z0-9_-]+$`), 255},
	"log group":          {regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`), 512},
	"parameter":          {regexp.MustCompile(`^(/[a-zA-Z0-9_.-]+){1,15}$`), 1011},
	"secret":             {regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]+$`), 512},
	"repository":         {regexp.MustCompile(`^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$`), 256},
	"image":              {regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9._/-]+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$`), 1024},
	"label":              {regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`), 63},
	"tag":                {regexp.MustCompile(`^[A-Za-z0-9 _.:/+@-]+$`), 256}, // no comma, no "=": the ALB controller splits there
	"branch":             {regexp.MustCompile(`^environment/[a-z0-9]+(-[a-z0-9]+)*$`), 244},
	"DNS label":          {regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`), 63},
	"tag key":            {regexp.MustCompile(`^[A-Za-z0-9 _.:/=+@-]+$`), 128},
	"parameter start":    {regexp.MustCompile(`^/([^as]|a[^w]|aw[^s]|s[^s]|ss[^m])`), 1011}, // not "aws", not "ssm"
}

// checkLimits holds every name of an environment against its limit.
func checkLimits(t *testing.T, e config.Environment) {
	t.Helper()
	c := contract.For(e)
	check := func(kind, name string) {
		t.Helper()
		limit, ok := limits[kind]
		if !ok {
			t.Fatalf("no limit for a %s", kind)
		}
		if !limit.shape.MatchString(name) {
			t.Errorf("%q is not the name of a %s", name, kind)
		}
		if len(name) > limit.longest {
			t.Errorf("%q has %d characters, a %s may have %d", name, len(name), kind, limit.longest)
		}
	}
	for _, stack := range []string{c.Stacks.Alarms, c.Stacks.Network, c.Stacks.Cluster, c.Stacks.Identity, c.Stacks.Registry, c.Stacks.Database, c.Stacks.Platform} {
		check("stack", stack)
	}
	check("cluster", c.Cluster)
	check("branch", c.Branch)
	check("branch", c.Branch+"-next")
	check("tag key", c.ClusterTag())
	for _, part := range []string{"cluster-admin", "flow-logs", "nodes", "postgres", "nat"} {
		check("resource", c.Resource(part))
		check("role", c.Resource(part))
	}
	check("topic", c.Resource("alarms"))
	check("Auto Scaling group", c.Resource("nat"))
	check("alarm", c.Resource("nat-PublicSubneta-port-allocation"))
	check("log group", c.ClusterLogGroup())
	check("log group", c.FlowLogGroup())
	for _, g := range e.Logs.Groups {
		check("log group", c.LogGroup(g.Name))
	}
	parameters := []string{c.Parameter("cluster-endpoint")}
	for key, value := range c.Tags() {
		check("tag", key)
		check("tag", value)
	}
	all := identities(c)
	for _, w := range e.Workloads {
		all["workload "+w.Name] = c.Workload(w.Name)
		parameters = append(parameters, c.Parameter("repository-uri/"+w.Name))
		check("repository", c.RepositoryName(w.Name))
		check("image", c.Image(w.Name))
		for _, label := range c.Labels(w) {
			check("label", label)
		}
		for _, label := range c.SelectorLabels(w.Name) {
			check("label", label)
		}
		for _, s := range w.Secrets {
			check("secret", c.SecretPath(s.Secret))
		}
	}
	for _, label := range c.SharedLabels("aws-load-balancer-controller") {
		check("label", label)
	}
	roles := map[string]string{}
	for name, identity := range all {
		check("role", identity.Role)
		check("role ARN", identity.RoleARN)
		check("DNS label", identity.Namespace)
		check("DNS label", identity.ServiceAccount)
		if other, taken := roles[identity.Role]; taken {
			t.Errorf("%s and %s share role %s", name, other, identity.Role)
		}
		roles[identity.Role] = name
	}
	for _, parameter := range parameters {
		check("parameter", parameter)
		check("parameter start", parameter)
	}
	if len(c.Unreleased()) > len(e.Workloads) {
		t.Errorf("unreleased: %q", c.Unreleased())
	}
}

func TestNamesAreWithinLimits(t *testing.T) {
	for _, e := range append(config.All(), configtest.Full()) {
		checkLimits(t, e)
	}
}

// The longest of everything that config accepts still fits. Each name is first
// shown to be the longest: one more character is refused.
func TestLongestNamesAreWithinLimits(t *testing.T) {
	e := configtest.Full()
	long := func(n int) string { return "a" + strings.Repeat("b", n-1) }
	e.Releases = config.Releases{}
	e.Workloads = e.Workloads[:1]
	w := &e.Workloads[0]
	for _, field := range []struct {
		path    string
		longest int
		set     func(n int)
	}{
		{"project", 20, func(n int) { e.Project, e.DisplayName = long(n), "A"+long(n)[1:] }},
		{"name", 20, func(n int) { e.Name = long(n) }},
		{"namespace", 63, func(n int) { e.Namespace = long(n) }},
		{"owner", 254, func(n int) { e.Owner = long(n-5) + "@b.co" }},
		{"repository", 140, func(n int) { e.Repository = long(39) + "/" + long(n-40) }},
		{"registry.prefix", 128, func(n int) { e.Registry.Prefix = long(n) }},
		{"secrets.prefix", 128, func(n int) { e.Secrets.Prefix = long(n) }},
		{"logs.prefix", 128, func(n int) { e.Logs.Prefix = "/" + long(n-1) }},
		{"logs.groups[0].name", 128, func(n int) { e.Logs.Groups[0].Name = long(n) }},
		{"workloads[0].name", 22, func(n int) { w.Name = long(n) }}, // 20 + 1 + 20 + 1 + 22 = IAM's 64
		{"workloads[0].component", 63, func(n int) { w.Component = long(n) }},
		{"workloads[0].secrets[0].secret", 256, func(n int) { w.Secrets[0].Secret = long(n) }},
	} {
		field.set(field.longest + 1)
		problems, _ := errors.AsType[config.Problems](e.Validate())
		if len(problems) != 1 || problems[0].Field != field.path {
			t.Errorf("%s with %d characters must be refused, got %v", field.path, field.longest+1, problems)
		}
		field.set(field.longest)
		if err := e.Validate(); err != nil {
			t.Errorf("%s with %d characters: %v", field.path, field.longest, err)
		}
	}
	checkLimits(t, e)
	if got := len(contract.For(e).Workload(w.Name).Role); got != 64 {
		t.Errorf("the longest role name has %d characters, want 64", got)
	}

	// The longest name of a workload, in an environment with a short name.
	e.Project, e.DisplayName, e.Name = "abc", "Abc", "staging"
	w.Name = long(40)
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
	checkLimits(t, e)
}

// FuzzNames: no environment makes the contract panic, and what Validate accepts
// has only names that AWS and Kubernetes accept too.
func FuzzNames(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		seed := make([]byte, 1+random.IntN(12)) // few changes: most stay valid
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e := configtest.Mutate(data)
		if e.Validate() == nil {
			checkLimits(t, e)
			return
		}
		c := contract.For(e)
		c.Tags()
		c.ClusterTag()
		c.Unreleased()
		identities(c)
		for _, w := range e.Workloads {
			c.Labels(w)
			c.Image(w.Name)
			_ = c.Workload(w.Name).Subject()
		}
	})
}
