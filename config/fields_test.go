package config_test

import (
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// everyValueIsRight are the fields without a rule of their own, with the
// reason. A new field needs a rule in Validate or a line here.
var everyValueIsRight = map[string]string{
	"terminationProtection":               "either is a choice",
	"cluster.deletionProtection":          "either is a choice",
	"database.enabled":                    "either is a choice",
	"database.multiAZ":                    "either is a choice",
	"workloads[0].autoscaling.enabled":    "either is a choice",
	"workloads[1].autoscaling.enabled":    "either is a choice",
	"workloads[0].egress[0].vpc":          "either is a choice",
	"workloads[0].egress[1].vpc":          "either is a choice",
	"workloads[1].egress[0].vpc":          "either is a choice",
	"workloads[0].replicas":               "not read: the autoscaler of this workload is on",
	"workloads[1].autoscaling.min":        "not read: the autoscaler of this workload is off",
	"workloads[1].autoscaling.max":        "not read: the autoscaler of this workload is off",
	"workloads[1].autoscaling.cpuPercent": "not read: the autoscaler of this workload is off",
}

// Garbage in any field is named by Validate. This is what makes a field without
// a rule fail the tests.
func TestEveryFieldHasARule(t *testing.T) {
	full := configtest.Full()
	unused := map[string]bool{}
	for path := range everyValueIsRight {
		unused[path] = true
	}
	for i, node := range configtest.Nodes(&full) {
		if !node.IsLeaf() {
			continue
		}
		delete(unused, node.Path)
		for _, garbage := range garbageFor(t, node.Value.Kind()) {
			e := configtest.Full()
			configtest.Nodes(&e)[i].Set(garbage)
			named := false
			for _, p := range problemsOf(t, e) {
				named = named || p.Field == node.Path && p.Value == shown(t, e, node.Path)
			}
			if _, allowed := everyValueIsRight[node.Path]; allowed && named {
				t.Errorf("%s has a rule: take it out of everyValueIsRight", node.Path)
			} else if !allowed && !named {
				t.Errorf("%s = %#v is not named by Validate: add a rule, or a reason to everyValueIsRight", node.Path, garbage)
			}
		}
	}
	for path := range unused {
		t.Errorf("everyValueIsRight names %s, which does not exist", path)
	}
}

func garbageFor(t *testing.T, kind reflect.Kind) []any {
	t.Helper()
	switch kind {
	case reflect.String:
		return []any{"\x00 bad", "\xff", "bad\rvalue", "☃ " + strings.Repeat("x", 1<<16)}
	case reflect.Int:
		return []any{-1, math.MinInt, math.MaxInt, math.MaxInt32}
	case reflect.Bool:
		return nil // both are right, and everyValueIsRight says so
	default:
		t.Fatalf("no garbage for a %v: teach garbageFor", kind)
		return nil
	}
}

// All of it at once: no rule hides another field's problem.
func TestGarbageEverywhereIsNamedEverywhere(t *testing.T) {
	e := configtest.Full()
	for _, node := range configtest.Nodes(&e) {
		if node.IsLeaf() && node.Value.Kind() != reflect.Bool {
			node.Set(garbageFor(t, node.Value.Kind())[0])
		}
	}
	named := map[string]bool{}
	for _, p := range problemsOf(t, e) {
		named[p.Field] = true
	}
	for _, node := range configtest.Nodes(&e) {
		if _, allowed := everyValueIsRight[node.Path]; node.IsLeaf() && !allowed && !named[node.Path] {
			t.Errorf("%s is not named", node.Path)
		}
	}
}

// Full really has every field, so that the tests above forget none: a list or
// pointer that is empty in it would hide what is inside.
func TestFullHasEveryField(t *testing.T) {
	e := configtest.Full()
	index := regexp.MustCompile(`\[[^]]*\]`)
	have := map[string]bool{}
	for _, node := range configtest.Nodes(&e) {
		have[index.ReplaceAllString(node.Path, "[]")] = true
	}
	for _, path := range paths(reflect.TypeFor[config.Environment](), "") {
		if !have[path] {
			t.Errorf("configtest.Full() has no %s", path)
		}
	}
	if n := len(paths(reflect.TypeFor[config.Environment](), "")); n < 80 {
		t.Errorf("only %d fields found", n)
	}
}

// paths lists the leaves of a type, without the help of configtest.
func paths(typ reflect.Type, path string) (all []string) {
	switch typ.Kind() {
	case reflect.Struct:
		for f := range typ.Fields() {
			if f.IsExported() {
				all = append(all, paths(f.Type, strings.TrimPrefix(path+"."+lowerCamel(f.Name), "."))...)
			}
		}
	case reflect.Slice, reflect.Map:
		all = paths(typ.Elem(), path+"[]")
	case reflect.Pointer:
		all = paths(typ.Elem(), path)
	default:
		all = []string{path}
	}
	return all
}

// lowerCamel knows the initialisms by heart; configtest has a rule for them.
func lowerCamel(name string) string {
	for _, initialism := range []string{"CIDR", "NAT", "CPU", "VPC"} {
		if strings.HasPrefix(name, initialism) {
			return strings.ToLower(initialism) + name[len(initialism):]
		}
	}
	return strings.ToLower(name[:1]) + name[1:]
}
