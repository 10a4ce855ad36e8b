package test

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fintrack/platform/"

// layer is who may import what, by patterns of import paths. An import that no
// pattern of may allows is wrong, and so is one that a pattern of never forbids.
type layer struct {
	name    string
	members *regexp.Regexp
	may     *regexp.Regexp
	never   *regexp.Regexp
}

var (
	standard = `[a-z0-9]+(/[a-z0-9/]+)?`
	jsiiLib  = `github\.com/aws/(jsii-runtime-go(/runtime)?|constructs-go/constructs/v10(/jsii)?)`
	cdkLib   = `github\.com/aws/aws-cdk-go/awscdk/v2(/[a-z0-9]+)?`
	cdk8sLib = `github\.com/cdk8s-team/cdk8s-(core-go/cdk8s/v2(/jsii)?|plus-go/cdk8splus30/v2/k8s)`
	outside  = `(os|os/exec|net|net/http|io/ioutil|time|math/rand|math/rand/v2|crypto/rand)` // the process, the network, the clock, chance
)

func ours(paths string) string { return regexp.QuoteMeta(module) + paths }

func pattern(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`^(` + strings.Join(alternatives, "|") + `)$`)
}

var layers = []layer{
	{"test helpers", pattern(ours(`(charts|config|constructs/cluster)/(internal/)?[a-z]+test`)), regexp.MustCompile(``), nil},
	{"config", pattern(ours(`config(/.*)?`)), pattern(standard, ours(`config(/.*)?`)), pattern(outside)},
	{"contract", pattern(ours(`contract`)), pattern(standard, ours(`config`)), pattern(outside)},
	{
		"constructs", pattern(ours(`constructs/[a-z]+`)),
		pattern(standard, jsiiLib, cdkLib, ours(`constructs/[a-z]+`), ours(`internal/(nag|ptr)`)),
		pattern(outside),
	},
	{
		"stacks", pattern(ours(`stacks`)),
		pattern(standard, jsiiLib, cdkLib, ours(`(config|contract|constructs/[a-z]+)`), ours(`internal/(nag|ptr)`)),
		pattern(outside),
	},
	{
		"charts", pattern(ours(`charts(/.*)?`)),
		pattern(standard, jsiiLib, cdk8sLib, ours(`(config|contract|charts/.*|imports/[a-z]+)`), ours(`internal/(folder|ptr)`)),
		pattern(outside),
	},
	// Helpers know nothing of environments.
	{"internal", pattern(ours(`internal/.*`)), pattern(standard, jsiiLib, cdkLib, `golang\.org/x/sys/unix`, ours(`internal/.*`)), nil},
	{"imports", pattern(ours(`imports/.*`)), pattern(standard, jsiiLib, cdk8sLib, ours(`imports/.*`)), nil},
	// Programs, and what only tests use, may import everything.
	{"programs", pattern(ours(`(cmd/[a-z]+|test)`), strings.TrimSuffix(module, "/")), regexp.MustCompile(``), nil},
}

// judge says what is wrong with one import.
func judge(importer, imported string) string {
	for _, l := range layers {
		if !l.members.MatchString(importer) {
			continue
		}
		if !l.may.MatchString(imported) || l.never != nil && l.never.MatchString(imported) {
			return importer + " (" + l.name + ") must not import " + imported
		}
		return ""
	}
	return importer + " belongs to no layer: add it to this test and to CONTRIBUTING.md"
}

// TestLayers reads every package's imports, tests left out.
func TestLayers(t *testing.T) {
	command := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...")
	command.Dir = root()
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range lines(string(output)) {
		fields := strings.Fields(line)
		for _, imported := range fields[1:] {
			seen++
			if wrong := judge(fields[0], imported); wrong != "" {
				t.Error(wrong)
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d imports were seen, that cannot be all", seen)
	}
}

// TestJudgeOfLayers tests the judge with bad and good cases.
func TestJudgeOfLayers(t *testing.T) {
	for _, c := range []struct {
		importer, imported string
		right              bool
	}{
		{module + "config", "strings", true},
		{module + "config", "os", false},
		{module + "config", "github.com/aws/jsii-runtime-go", false},
		{module + "contract", module + "config", true},
		{module + "contract", module + "stacks", false},
		{module + "constructs/nat", "github.com/aws/aws-cdk-go/awscdk/v2/awsec2", true},
		{module + "constructs/nat", module + "config", false},
		{module + "constructs/nat", module + "contract", false},
		{module + "constructs/nat", "os", false},
		{module + "constructs/nat", "github.com/aws/aws-sdk-go-v2/service/ec2", false},
		{module + "stacks", module + "constructs/nat", true},
		{module + "stacks", module + "charts", false},
		{module + "stacks", "time", false},
		{module + "charts/fintrack", "github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2", true},
		{module + "charts/fintrack", "github.com/aws/aws-cdk-go/awscdk/v2", false},
		{module + "charts/fintrack", module + "stacks", false},
		{module + "charts/fintrack", "net/http", false},
		{module + "internal/host", module + "config", false},
		{module + "cmd/synth", module + "stacks", true},
		{module + "elsewhere", "strings", false},
	} {
		if right := judge(c.importer, c.imported) == ""; right != c.right {
			t.Errorf("%s imports %s: right is %v, want %v", c.importer, c.imported, right, c.right)
		}
	}
}

// TestOneAppMaker keeps the helper that reads the feature flags the only one
// that makes an App.
func TestOneAppMaker(t *testing.T) {
	command := exec.Command("grep", "-rlE", `(cdk|awscdk)\.NewApp\(`, "--include=*.go", "--exclude-dir=node_modules", "--exclude-dir=test", ".")
	command.Dir = root()
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(string(output)); !slices.Equal(got, []string{"./internal/cdkapp/cdkapp.go"}) {
		t.Errorf("apps are made in %v", got)
	}
}
