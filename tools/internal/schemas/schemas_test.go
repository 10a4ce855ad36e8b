package schemas_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yannh/kubeconform/pkg/validator"

	"github.com/fintrack/platform/tools/internal/schemas"
)

// handMade are small sources in testdata, with one case for each rule.
var handMade = schemas.Sources{
	Kubernetes: schemas.Source{Name: "kubernetes", Version: "v1.0.0", Path: "kubernetes/swagger.json"},
	CRDs:       []schemas.Source{{Name: "gadget", Version: "v1.0.0", Path: "gadget"}},
}

// from is a Fetcher that finds every source in one folder.
func from(dir string) schemas.Fetcher {
	return func(context.Context, schemas.Source) (string, error) { return dir, nil }
}

// judge returns a function that lets kubeconform's own validator judge a
// manifest with the schemas made from sources.
func judge(t *testing.T, sources schemas.Sources, fetch schemas.Fetcher) func(manifest string) validator.Result {
	t.Helper()
	set, err := schemas.Prepare(t.Context(), t.TempDir(), sources, fetch, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	v, err := validator.New([]string{filepath.Join(set.Dir, schemas.Layout)}, validator.Opts{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	return func(manifest string) validator.Result {
		results := v.Validate("test.yaml", io.NopCloser(strings.NewReader(manifest)))
		if len(results) != 1 {
			t.Fatalf("want one resource in %q, got %d", manifest, len(results))
		}
		return results[0]
	}
}

// verdict is a manifest with what must become of it: wrong is a part of the
// message, empty when the manifest is fine.
type verdict struct{ manifest, wrong string }

func check(t *testing.T, judge func(string) validator.Result, cases map[string]verdict) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		t.Run(name, func(t *testing.T) {
			got := judge(c.manifest)
			switch {
			case c.wrong == "" && got.Status != validator.Valid:
				t.Errorf("must be accepted, got: %v", got.Err)
			case c.wrong != "" && got.Err == nil:
				t.Errorf("must be refused because of %q, was accepted", c.wrong)
			case c.wrong != "" && !strings.Contains(got.Err.Error(), c.wrong):
				t.Errorf("must be refused because of %q, got: %v", c.wrong, got.Err)
			}
		})
	}
}

func TestBuiltInKinds(t *testing.T) {
	deployment := func(spec string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {app: a}" + spec + "}\n"
	}
	check(t, judge(t, handMade, from("testdata")), map[string]verdict{
		"complete":                      {deployment(", replicas: 2"), ""},
		"unknown field":                 {deployment(", replica: 2"), "'replica' not allowed"},
		"unknown field, deep":           {deployment(", children: [{selector: {}, port: 1, prot: 2}]"), "'prot' not allowed"},
		"wrong type":                    {deployment(`, replicas: "2"`), "got string, want integer"},
		"beyond 32 bits":                {deployment(", replicas: 2147483648"), "maximum"},
		"missing required":              {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {}\n", "missing property 'selector'"},
		"int-or-string: int":            {deployment(", port: 3000"), ""},
		"int-or-string: string":         {deployment(", port: http"), ""},
		"int-or-string: list":           {deployment(", port: [http]"), "got array, want integer or string"},
		"int-or-string: fraction":       {deployment(", port: 1.5"), "got number, want integer or string"},
		"quantity: string":              {deployment(", cpu: 250m"), ""},
		"quantity: number":              {deployment(", cpu: 1.5"), ""},
		"quantity: wrong unit":          {deployment(", cpu: 250mb"), "does not match pattern"},
		"quantity: wrong type":          {deployment(", cpu: true"), "got boolean, want number or string"},
		"free-form object":              {deployment(", extension: {any: [thing]}"), ""},
		"core group":                    {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: b}\n", ""},
		"number where text belongs":     {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: 1}\n", "got number, want string"},
		"null where text belongs":       {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: null}\n", "got null, want string"},
		"bytes":                         {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbinaryData: {A: aGVsbG8=, B: \"\"}\n", ""},
		"bytes on several lines":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbinaryData:\n  A: |\n    aGVs\n    bG8=\n", ""},
		"bytes, not base64":             {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbinaryData: {A: plain text}\n", "does not match pattern"},
		"time null":                     {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: null}\n", ""},
		"time wrong":                    {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: yesterday}\n", "not valid date-time"},
		"metadata unknown field":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, lables: {}}\n", "'lables' not allowed"},
		"metadata missing":              {"apiVersion: v1\nkind: ConfigMap\n", "missing property 'metadata'"},
		"name missing":                  {"apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "missing property 'name'"},
		"name made by the server":       {"apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n", ""},
		"set with a duplicate":          {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, finalizers: [x, x]}\n", "are equal"},
		"unknown kind":                  {"apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: a}\n", "could not find schema"},
		"kind in lower case":            {"apiVersion: apps/v1\nkind: deployment\nmetadata: {name: a}\nspec: {selector: {}}\n", "/kind"},
		"another group's first label":   {"apiVersion: apps.example.com/v1\nkind: Deployment\nmetadata: {name: a}\n", "could not find schema"},
		"version that is not served":    {"apiVersion: apps/v1beta2\nkind: Deployment\nmetadata: {name: a}\n", "could not find schema"},
		"kind that cannot be applied":   {"apiVersion: apps/v1\nkind: DeploymentList\nmetadata: {}\nitems: []\n", "could not find schema"},
		"options are not a manifest":    {"apiVersion: v1\nkind: Options\nforce: true\n", "could not find schema"},
		"the same key twice in a map":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: b}\ndata: {}\n", "already set"},
		"core kind with a made-up name": {"apiVersion: core/v1\nkind: ConfigMap\nmetadata: {name: a}\n", "could not find schema"},
	})
}

func TestCustomResources(t *testing.T) {
	gadget := func(spec string) string {
		return "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec: {size: 1, here: x" + spec + "}\n"
	}
	named := func(metadata string) string {
		return "apiVersion: example.com/v1\nkind: Gadget\nmetadata: " + metadata + "\nspec: {size: 1, here: x}\n"
	}
	check(t, judge(t, handMade, from("testdata")), map[string]verdict{
		"complete":                        {gadget(""), ""},
		"unknown field":                   {gadget(", sizes: 1"), "'sizes' not allowed"},
		"unknown field at the top":        {gadget("") + "spce: {}\n", "'spce' not allowed"},
		"wrong type":                      {gadget(", there: [x]"), "got array, want string"},
		"missing required":                {"apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec: {here: x}\n", "missing property 'size'"},
		"missing required at the top":     {"apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\n", "missing property 'spec'"},
		"required with default left out":  {gadget(""), ""},
		"value outside the enum":          {gadget(", mode: slow"), "value must be one of"},
		"enum value that YAML could read": {gadget(`, mode: "="`), ""},
		"below the minimum":               {strings.Replace(gadget(""), "size: 1", "size: 0", 1), "minimum"},
		"both alternatives":               {gadget(", there: x"), "oneOf"},
		"no alternative":                  {strings.Replace(gadget(""), ", here: x", "", 1), "oneOf"},
		"int-or-string: int":              {gadget(", port: 3000"), ""},
		"int-or-string: string":           {gadget(", port: http"), ""},
		"int-or-string: boolean":          {gadget(", port: true"), "got boolean, want integer or string"},
		"duration":                        {gadget(", every: 1h30m"), ""},
		"duration without a unit":         {gadget(`, every: "90"`), "not valid duration"},
		"bytes, not base64":               {gadget(", bytes: plain text"), "does not match pattern"},
		"nullable: null":                  {gadget(", maybe: null"), ""},
		"nullable: wrong":                 {gadget(", maybe: b"), "value must be one of"},
		"not nullable":                    {gadget(", there: null"), "got null, want string"},
		"set with a duplicate":            {gadget(", tags: [x, x]"), "are equal"},
		"map of strings":                  {gadget(", labels: {a: b}"), ""},
		"map of strings with a number":    {gadget(", labels: {a: 1}"), "got number, want string"},
		"object without fields":           {gadget(", empty: {}"), ""},
		"object that would be pruned":     {gadget(", empty: {a: 1}"), "'a' not allowed"},
		"unknown fields preserved":        {gadget(", free: {a: 1, known: {depth: 1}}"), ""},
		"below preserved, pruned again":   {gadget(", free: {known: {deep: 1}}"), "'deep' not allowed"},
		"anything":                        {gadget(", anything: [1, a]"), ""},
		"embedded resource":               {gadget(", child: {apiVersion: v1, kind: A, metadata: {name: a}, spec: {}}"), ""},
		"embedded resource, unknown":      {gadget(", child: {apiVersion: v1, knid: A}"), "'knid' not allowed"},
		"metadata unknown field":          {named("{name: a, lables: {}}"), "'lables' not allowed"},
		"name missing":                    {named("{}"), "missing property 'name'"},
		"name restricted by the CRD":      {named("{name: longer-than-ten}"), "maxLength"},
		"labels beside a restricted name": {named("{name: a, labels: {a: b}}"), ""},
		"version that is not served":      {"apiVersion: example.com/v1beta1\nkind: Gadget\nmetadata: {name: a}\n", "could not find schema"},
		"kind in lower case":              {"apiVersion: example.com/v1\nkind: gadget\nmetadata: {name: a}\nspec: {size: 1, here: x}\n", "/kind"},
	})
}

// tree lists the files below dir with their contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(inside)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTheSameSourcesGiveTheSameFiles(t *testing.T) {
	var first map[string]string
	for range 2 {
		cache := t.TempDir()
		if _, err := schemas.Prepare(t.Context(), cache, handMade, from("testdata"), io.Discard); err != nil {
			t.Fatal(err)
		}
		files := tree(t, cache)
		if first == nil {
			first = files
		} else if !maps.Equal(first, files) {
			t.Error("two runs differ")
		}
	}
	var names []string
	for name := range first {
		_, name, _ = strings.Cut(strings.TrimPrefix(name, "schemas/"), "/")
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"apps/deployment_v1.json", "example.com/gadget_v1.json", "v1/configmap_v1.json"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestPreparedSchemasAreReused(t *testing.T) {
	cache := t.TempDir()
	var log strings.Builder
	set, err := schemas.Prepare(t.Context(), cache, handMade, from("testdata"), &log)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(log.String(), "\n"); got != 2 {
		t.Errorf("one progress line for each of the two sources wanted, got %q", log.String())
	}

	log.Reset()
	again, err := schemas.Prepare(t.Context(), cache, handMade, nil, &log) // a nil Fetcher would panic if called
	if err != nil || again != set || log.Len() > 0 {
		t.Errorf("want %v again and silence, got %v, %v, %q", set, again, err, log.String())
	}

	changed := handMade
	changed.Kubernetes.Sum = "h1:other"
	other, err := schemas.Prepare(t.Context(), cache, changed, from("testdata"), io.Discard)
	if err != nil || other.Dir == set.Dir {
		t.Errorf("a changed pin must lead to another folder, got %v, %v", other, err)
	}
}

const (
	head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: example.com\n  names: {kind: Gadget}\n  versions:\n"
	body = "  - name: v1\n    served: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec: "
)

func TestBadSourcesAreNamedAndLeaveNothing(t *testing.T) {
	swagger, err := os.ReadFile("testdata/kubernetes/swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ file, text, want string }{
		"no OpenAPI document":        {"kubernetes/swagger.json", "{}", "ObjectMeta"},
		"broken OpenAPI document":    {"kubernetes/swagger.json", "{", "swagger.json"},
		"new keyword in OpenAPI":     {"kubernetes/swagger.json", strings.Replace(string(swagger), `"type": "boolean"`, `"x-new": 1`, 1), "io.example.Options/properties/force/x-new"},
		"reference to elsewhere":     {"kubernetes/swagger.json", strings.Replace(string(swagger), `#/definitions/io.example.DeploymentSpec"}`, `other.json#/a"}`, 1), "other.json"},
		"reference to nothing":       {"kubernetes/swagger.json", strings.Replace(string(swagger), `#/definitions/io.example.DeploymentSpec"}`, `#/definitions/none"}`, 1), "none"},
		"no CRD":                     {"gadget/gadget.yaml", "kind: Other\n", "no CustomResourceDefinition"},
		"broken CRD":                 {"gadget/gadget.yaml", "kind: [\n", "gadget.yaml"},
		"old CRD version":            {"gadget/gadget.yaml", strings.Replace(head, "/v1\n", "/v1beta1\n", 1), "apiextensions.k8s.io/v1beta1"},
		"CRD without a schema":       {"gadget/gadget.yaml", head + "  - {name: v1, served: true}\n", "no properties"},
		"CRD that nobody serves":     {"gadget/gadget.yaml", head + "  - {name: v1, served: false}\n", "no CustomResourceDefinition"},
		"CRD without a group":        {"gadget/gadget.yaml", strings.Replace(head, "example.com", `""`, 1), "spec.group"},
		"new keyword in a CRD":       {"gadget/gadget.yaml", head + body + "{type: object, x-new: 1}\n", "/properties/spec/x-new"},
		"$ref in a CRD":              {"gadget/gadget.yaml", head + body + "{$ref: '#/definitions/a'}\n", "/properties/spec/$ref"},
		"pattern that is no pattern": {"gadget/gadget.yaml", head + body + "{type: string, pattern: '['}\n", "Gadget"},
		"schema that is no schema":   {"gadget/gadget.yaml", head + body + "text\n", "/properties/spec"},
		"flag that is not a boolean": {"gadget/gadget.yaml", head + body + "{nullable: maybe}\n", "nullable"},
		"type that is a list":        {"gadget/gadget.yaml", head + body + "{type: [string]}\n", "/properties/spec/type"},
		"required that is not names": {"gadget/gadget.yaml", head + body + "{type: object, required: [1]}\n", "/properties/spec/required"},
		"the same kind twice":        {"gadget/second.yaml", head + body + "{type: object}\n", "defined twice"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, cache := t.TempDir(), t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, filepath.FromSlash(tc.file))
			if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := schemas.Prepare(t.Context(), cache, handMade, from(dir), io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error must name %q, got: %v", tc.want, err)
			}
			if got := tree(t, cache); len(got) > 0 {
				t.Errorf("nothing may be left in the cache, found %v", slices.Sorted(maps.Keys(got)))
			}
		})
	}
}

func TestAnInterruptedRunLeavesNothing(t *testing.T) {
	cache := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	interrupt := func(_ context.Context, s schemas.Source) (string, error) {
		if s.Name == "gadget" { // Kubernetes is written by now
			cancel()
		}
		return "testdata", nil
	}
	if _, err := schemas.Prepare(ctx, cache, handMade, interrupt, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's error, got: %v", err)
	}
	if got := tree(t, cache); len(got) > 0 {
		t.Errorf("nothing may be left in the cache, found %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestAFailedFetchIsNamed(t *testing.T) {
	fail := func(context.Context, schemas.Source) (string, error) { return "", errors.New("no such version") }
	_, err := schemas.Prepare(t.Context(), t.TempDir(), schemas.Pinned(), fail, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "k8s.io/kubernetes@v1.35.4") || !strings.Contains(err.Error(), "no such version") {
		t.Errorf("the error must name the source and the reason, got: %v", err)
	}
}

func TestPinsAreComplete(t *testing.T) {
	sources := schemas.Pinned()
	names := map[string]bool{}
	for _, s := range append([]schemas.Source{sources.Kubernetes}, sources.CRDs...) {
		if names[s.Name] {
			t.Errorf("%s: the name stands twice in the table", s.Name)
		}
		names[s.Name] = true
		if s.Name == "" || s.Module == "" || s.Path == "" || !strings.HasPrefix(s.Version, "v") || !strings.HasPrefix(s.Sum, "h1:") {
			t.Errorf("%+v: every field must be set, Version exact, Sum a go.sum checksum", s)
		}
	}
	for _, needed := range []string{"argo-cd", "aws-load-balancer-controller", "external-secrets", "kyverno", "prometheus-operator"} {
		if !names[needed] {
			t.Errorf("%s: the platform renders its resources, so its CRDs must be in the table", needed)
		}
	}
}
