// Package test holds what is true of whole environments.
//
//   - golden_test.go: the golden tree of both planes
//   - values_test.go: the values that the platform must have
//   - stacks_test.go: order, outputs, retained resources, no Lambda
//   - nat_test.go: the modes of the NAT in a whole environment
//   - seams_test.go: what both planes say about the same thing agrees
//   - security_test.go: cdk-nag, and our own rules where it is blind
//   - hermetic_test.go: twice the same bytes, also without a network
//   - validator_test.go: CDK's own validator finds nothing
//   - layering_test.go: who imports whom
//   - cli_test.go: what a user types
//   - docs_test.go: what the papers claim
//   - bench_test.go: what it costs
//
// Each environment is synthesized and rendered once for all tests; a
// construct's own behaviour is tested beside it.
package test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/stacks"
)

func TestMain(m *testing.M) {
	benchChild()
	cdktest.Main(m, func() {
		for _, env := range made {
			if err := os.RemoveAll(filepath.Dir(env.assembly)); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	})
}

// environment is one environment with everything that is made from it.
type environment struct {
	config.Environment
	contract contract.Contract
	// assembly and manifests are the directories of the two planes.
	assembly, manifests string
	// templates by stack name.
	templates map[string]cdktest.Template
	// objects in the order of their files.
	objects []object
}

var made = map[string]*environment{}

// staging is the staging environment before a first release: the release file
// changes with every deployment, and no test should.
func staging(t testing.TB) *environment {
	t.Helper()
	env := config.Staging()
	env.Releases = config.Releases{}
	return get(t, "staging", env)
}

// released is the staging environment as it is, which is what the programs make.
func released(t testing.TB) *environment {
	t.Helper()
	return get(t, "released", config.Staging())
}

// everything is staging with all that is optional switched on.
func everything(t testing.TB) *environment {
	t.Helper()
	return get(t, "everything", everythingOn())
}

func everythingOn() config.Environment {
	env := config.Staging()
	env.TerminationProtection = true
	env.Network.InterfaceEndpoints = []string{"ecr.api", "ecr.dkr", "sts"}
	env.Network.NAT.Image = "/fintrack/golden/nat-image:3"
	env.Network.NAT.ProbeTargets = []string{"example.com:443", "example.org:53"}
	env.Alarms.Emails = append(slices.Clone(env.Alarms.Emails), "on-call@fintrack.example.com")
	env.Atlas = config.Atlas{ProjectID: "0123456789abcdef01234567", Profile: "fintrack"}
	env.Cluster.PublicAccessCIDRs = nil
	env.Cluster.Admins = []string{"arn:aws:iam::444455556666:role/sre"}
	env.Cluster.AddonVersions = map[string]string{"coredns": "v1.12.3-eksbuild.1"}
	env.Database.Enabled = true
	env.Database.BackupDays, env.Database.MultiAZ = 14, true
	web := env.Workloads[0]
	web.Permissions = []config.Permission{{
		Actions:   []string{"s3:GetObject"},
		Resources: []string{"arn:${AWS::Partition}:s3:::fintrack-exports/*"},
	}}
	web.Secrets = append(slices.Clone(web.Secrets),
		config.SecretVariable{Variable: "PGPASSWORD", Secret: config.DatabaseSecret, Property: "password", Description: "PostgreSQL password"})
	web.Egress = append(slices.Clone(web.Egress), config.Egress{Name: "postgres", Port: 5432, VPC: true})
	// A second workload is one more value: no ingress, no autoscaling, no
	// settings, no secrets.
	worker := config.Workload{
		Name: "worker", Component: "worker", Port: 8080, ServicePort: 80, User: 1001, Replicas: 2,
		Resources:    web.Resources,
		Health:       web.Health,
		DrainSeconds: 10, ShutdownSeconds: 20,
	}
	env.Workloads = []config.Workload{web, worker}
	env.Releases = config.Releases{Workloads: map[string]config.Release{"web": {
		Tag:    "1a2b3c4",
		Digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		Commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
	}}}
	return env
}

// environments are those that every test of a rule looks at.
func environments(t testing.TB) []*environment {
	t.Helper()
	return []*environment{staging(t), everything(t)}
}

func get(t testing.TB, name string, env config.Environment) *environment {
	t.Helper()
	if e, ok := made[name]; ok {
		return e
	}
	dir, err := os.MkdirTemp("", "fintrack-"+name+"-*") //nolint:usetesting // it outlives the test that comes first
	if err != nil {
		t.Fatal(err)
	}
	e := &environment{
		Environment: env,
		contract:    contract.For(env),
		assembly:    filepath.Join(dir, "cdk.out"),
		manifests:   filepath.Join(dir, "dist"),
	}
	if err := env.Validate(); err != nil {
		t.Fatal(err)
	}
	synth(t, e.assembly, cdkapp.Options{}, env)
	if _, err := charts.Render(env, e.manifests); err != nil {
		t.Fatal(err)
	}
	e.templates = map[string]cdktest.Template{}
	for _, stack := range stacksOf(t, e.assembly) {
		e.templates[stack] = cdktest.Read(t, e.assembly, stack)
	}
	e.objects = readObjects(t, e.manifests)
	made[name] = e
	return e
}

// synth synthesizes an environment's stacks into a directory.
func synth(t testing.TB, dir string, options cdkapp.Options, env config.Environment) cdk.App {
	t.Helper()
	options.Outdir = dir
	app, err := cdkapp.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if p := recover(); p != nil { // how jsii reports a failed synth
			t.Fatalf("synth %s: %v", env.Name, p)
		}
	}()
	stacks.Add(app, env)
	app.Synth(nil)
	return app
}

// stacksOf lists the stacks in a cloud assembly in order.
func stacksOf(t testing.TB, assembly string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates in %s: %v", assembly, err)
	}
	var names []string
	for _, file := range files {
		name := filepath.Base(file)
		names = append(names, name[:len(name)-len(".template.json")])
	}
	slices.Sort(names)
	return names
}

// alarms, network, cluster, identity, registry, database and platform are the
// environment's templates by their part.
func (e *environment) alarms() cdktest.Template   { return e.templates[e.contract.Stacks.Alarms] }
func (e *environment) network() cdktest.Template  { return e.templates[e.contract.Stacks.Network] }
func (e *environment) cluster() cdktest.Template  { return e.templates[e.contract.Stacks.Cluster] }
func (e *environment) identity() cdktest.Template { return e.templates[e.contract.Stacks.Identity] }
func (e *environment) registry() cdktest.Template { return e.templates[e.contract.Stacks.Registry] }
func (e *environment) database() cdktest.Template { return e.templates[e.contract.Stacks.Database] }
func (e *environment) platform() cdktest.Template { return e.templates[e.contract.Stacks.Platform] }

// stackResource is a resource with the stack that it is in.
type stackResource struct {
	stack string
	cdktest.Resource
}

func (r stackResource) String() string {
	return fmt.Sprintf("%s/%s (%s)", r.stack, r.LogicalID, r.Type)
}

// resources lists the resources of all stacks in a fixed order; a type narrows
// the list.
func (e *environment) resources(resourceType string) []stackResource {
	var list []stackResource
	for _, stack := range slices.Sorted(maps.Keys(e.templates)) {
		template := e.templates[stack]
		for _, id := range slices.Sorted(maps.Keys(template.Resources)) {
			if r := template.Resources[id]; resourceType == "" || r.Type == resourceType {
				list = append(list, stackResource{stack, r})
			}
		}
	}
	return list
}
