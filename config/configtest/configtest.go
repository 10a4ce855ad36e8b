// Package configtest helps tests that need more environments than the real
// ones.
//
//   - Example: staging before anybody has edited or released anything
//   - Full: a valid environment with every option switched on
//   - Nodes, Lookup: every field of an environment by its path
//   - Mutate: any environment at all, for fuzz tests (mutate.go)
//
// It uses the standard library and config only, and is for tests only.
package configtest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/fintrack/platform/config"
)

// Example is staging as it is in a fresh clone: with the example's account,
// owner, repository and host, and without a release. Whoever adopts the
// platform edits the former, and a pipeline the latter; the tests must not mind.
func Example() config.Environment {
	e := config.Staging()
	e.Account = "111122223333"
	e.Owner = "platform@fintrack.example.com"
	e.Alarms.Emails = []string{"platform@fintrack.example.com"}
	e.Repository = "fintrack/platform"
	e.Workloads[0].Ingress.Host = "staging.fintrack.example.com"
	e.Releases = config.Releases{}
	return e
}

// Full is staging with every option switched on and every list filled, and with
// a second workload that takes the other way at each fork: no ingress, no
// autoscaler. It is valid.
func Full() config.Environment {
	e := Example()
	e.TerminationProtection = true
	e.Network.InterfaceEndpoints = []string{"ecr.api", "sts"}
	e.Network.NAT.Image = "/fintrack/golden/nat-image:3"
	e.Network.NAT.ProbeTargets = []string{"example.com:443", "example.org:53"}
	e.Cluster.Admins = []string{"arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/Admins"}
	e.Cluster.AddonVersions = map[string]string{"coredns": "v1.12.4-eksbuild.1"}
	e.Database.Enabled = true
	e.Database.MultiAZ = true
	e.Alarms.Emails = append(e.Alarms.Emails, "on-call@fintrack.example.com")
	e.Atlas = config.Atlas{ProjectID: "0123456789abcdef01234567", Profile: "fintrack"}

	// Not Staging's: its release file changes with every deployment.
	e.Releases = config.Releases{Workloads: map[string]config.Release{"web": {
		Tag:    "0123abc",
		Digest: "sha256:" + strings.Repeat("0123456789abcdef", 4),
		Commit: "0123abc" + strings.Repeat("0", 33),
	}}}

	worker := Example().Workloads[0]
	worker.Name = "worker"
	worker.Component = "worker"
	worker.Autoscaling.Enabled = false
	worker.Ingress = nil
	worker.MetricsPath = ""
	worker.Secrets = []config.SecretVariable{
		{Variable: "DATABASE_URL", Secret: config.DatabaseSecret, Property: "uri", Description: "the database's own login"},
	}
	worker.Egress = []config.Egress{{Name: "postgres", Port: config.DatabasePort, VPC: true}}
	worker.Permissions = []config.Permission{{
		Actions:   []string{"s3:GetObject"},
		Resources: []string{"arn:${AWS::Partition}:s3:::fintrack-staging-reports/*"},
	}}
	e.Workloads = append(e.Workloads, worker)
	return e
}

// Node is one value inside an environment.
type Node struct {
	// Path is written as in config.Problem, "network.zones[1].public".
	Path string
	// Value can be set; Store must be called afterwards.
	Value reflect.Value
	// Store writes the value back where it came from: values in maps are
	// copies.
	Store func()
}

// IsLeaf says that the node is no struct, list, map or pointer, but a value.
func (n Node) IsLeaf() bool {
	switch n.Value.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Map, reflect.Pointer:
		return false
	default:
		return true
	}
}

// Set stores any value of the node's kind.
func (n Node) Set(value any) {
	n.Value.Set(reflect.ValueOf(value).Convert(n.Value.Type()))
	n.Store()
}

// Nodes lists everything in an environment below the environment itself, in
// the order of the fields.
func Nodes(e *config.Environment) []Node {
	var nodes []Node
	walk(Node{Value: reflect.ValueOf(e).Elem(), Store: func() {}}, &nodes)
	return nodes[1:]
}

func walk(n Node, nodes *[]Node) {
	*nodes = append(*nodes, n)
	switch v := n.Value; v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				path := strings.TrimPrefix(n.Path+"."+camel(f.Name), ".")
				walk(Node{path, v.Field(i), n.Store}, nodes)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(Node{fmt.Sprintf("%s[%d]", n.Path, i), v.Index(i), n.Store}, nodes)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			at := len(*nodes)
			walk(Node{n.Path, v.Elem(), n.Store}, nodes)
			*nodes = slices.Delete(*nodes, at, at+1) // the pointer stands for it
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, key := range keys {
			entry := reflect.New(v.Type().Elem()).Elem()
			entry.Set(v.MapIndex(key))
			store := func() {
				v.SetMapIndex(key, entry)
				n.Store()
			}
			walk(Node{fmt.Sprintf("%s[%q]", n.Path, key.String()), entry, store}, nodes)
		}
	}
}

// Lookup finds the node of a path.
func Lookup(e *config.Environment, path string) (Node, bool) {
	nodes := Nodes(e)
	i := slices.IndexFunc(nodes, func(n Node) bool { return n.Path == path })
	if i < 0 {
		return Node{}, false
	}
	return nodes[i], true
}

// camel turns a field's name into lower camel case: "CPURequest" into
// "cpuRequest", "NAT" into "nat".
func camel(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		last := i+1 == len(runes)
		if !unicode.IsUpper(r) || (i > 0 && !last && !unicode.IsUpper(runes[i+1])) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
