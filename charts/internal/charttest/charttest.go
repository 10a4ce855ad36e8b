// Package charttest looks at what a chart makes. Tests find objects by kind and
// name and fields by path, never by position in a file.
//
//   - Main: what every TestMain below charts calls
//   - Environment, Workload: values to vary
//   - Synth: the objects of a chart
package charttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/host"
)

// Main runs the tests of a binary and ends jsii once, behind all of them.
func Main(m *testing.M) {
	host.Prepare()
	m.Run() // remembers the status for the testing package
	host.Close()
}

// Environment is staging with a release of its workload, changed by edits. It
// is checked: a test about an environment that config refuses shows nothing.
func Environment(t testing.TB, edits ...func(*config.Environment)) config.Environment {
	t.Helper()
	env := configtest.Example()
	env.Releases = config.Releases{Workloads: map[string]config.Release{"web": Release("1a2b3c4")}}
	for _, edit := range edits {
		edit(&env)
	}
	if err := env.Validate(); err != nil {
		t.Fatalf("the test's environment is not valid:\n%v", err)
	}
	return env
}

// Workload makes an edit of the first workload.
func Workload(edit func(*config.Workload)) func(*config.Environment) {
	return func(env *config.Environment) { edit(&env.Workloads[0]) }
}

// Workloads makes an edit that has n workloads like staging's instead of one.
func Workloads(n int) func(*config.Environment) {
	return func(env *config.Environment) {
		model := env.Workloads[0]
		env.Workloads = nil
		env.Releases.Workloads = map[string]config.Release{}
		for i := range n {
			w := model
			w.Name = fmt.Sprintf("%s-%03d", model.Name, i)
			ingress := *model.Ingress
			ingress.Host = w.Name + "." + ingress.Host
			w.Ingress = &ingress
			env.Workloads = append(env.Workloads, w)
			env.Releases.Workloads[w.Name] = Release("1a2b3c4")
		}
	}
}

// Release is a release of that tag.
func Release(tag string) config.Release {
	return config.Release{
		Tag:    tag,
		Digest: "sha256:" + strings.Repeat("0123456789abcdef", 4),
		Commit: strings.Repeat("0123456789", 4),
	}
}

// Objects are the objects of a chart by "Kind name".
type Objects map[string]Object

// Object is one Kubernetes object as JSON has it.
type Object struct {
	t     testing.TB
	name  string
	value any
}

// Synth makes a chart of an environment and returns its objects.
func Synth(t testing.TB, env config.Environment, chart func(constructs.Construct, config.Environment, contract.Contract) *kube.Chart) Objects {
	t.Helper()
	made := chart(cdk8s.NewApp(nil), env, contract.For(env))
	objects := Objects{}
	for _, manifest := range *cdk8s.Testing_Synth(made.Scope.(cdk8s.Chart)) {
		object := Object{t: t, value: normal(t, manifest)}
		name := fmt.Sprintf("%v %v", object.At("kind"), object.At("metadata name"))
		if _, taken := objects[name]; taken {
			t.Errorf("there are two objects %s", name)
		}
		object.name = name
		objects[name] = object
	}
	return objects
}

// Names are the objects as "Kind name", sorted.
func (o Objects) Names() []string { return slices.Sorted(maps.Keys(o)) }

// One is the object of that kind and name, which must be there.
func (o Objects) One(t testing.TB, kind, name string) Object {
	t.Helper()
	object, ok := o[kind+" "+name]
	if !ok {
		t.Fatalf("there is no %s %s among %v", kind, name, o.Names())
	}
	return object
}

// None demands that there is no object of that kind.
func (o Objects) None(t testing.TB, kind string) {
	t.Helper()
	for name := range o {
		if strings.HasPrefix(name, kind+" ") {
			t.Errorf("there is a %s", name)
		}
	}
}

// At is the value at a path of keys and indices, separated by spaces because
// keys hold dots and slashes: "spec containers 0 name". It is nil when nothing
// is there.
func (o Object) At(path string) any {
	value := o.value
	for _, step := range strings.Fields(path) {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Want compares the value at a path with one written as JSON.
func (o Object) Want(path, want string) {
	o.t.Helper()
	var expected any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		o.t.Fatalf("the test's expectation %s is not JSON: %v", want, err)
	}
	if got := o.At(path); !reflect.DeepEqual(got, expected) {
		o.t.Errorf("%s: %s is\n  %s, want\n  %s", o.name, path, text(got), text(expected))
	}
}

// WantAbsent demands that nothing is at the path.
func (o Object) WantAbsent(path string) {
	o.t.Helper()
	if got := o.At(path); got != nil {
		o.t.Errorf("%s: %s is %s, want nothing", o.name, path, text(got))
	}
}

// String is the whole object as JSON.
func (o Object) String() string { return text(o.value) }

// normal turns what jsii returns into what JSON would give.
func normal(t testing.TB, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func text(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%v", value)
	}
	return string(data)
}
