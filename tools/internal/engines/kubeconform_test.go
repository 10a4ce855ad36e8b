package engines

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/tools/internal/manifests"
	"github.com/fintrack/platform/tools/internal/schemas"
)

// fakeEngine writes a program that answers as kubeconform would.
func fakeEngine(t *testing.T, answer string, status string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconform")
	// The last argument is the folder, from which the file names come.
	script := "#!/bin/sh\nfor last; do :; done\ncat <<END\n" + strings.ReplaceAll(answer, "dist/staging", "$last") + "\nEND\nexit " + status + "\n"
	if err := os.WriteFile(file, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

func environment(t *testing.T, text string) (root string, e manifests.Environment) {
	t.Helper()
	root = t.TempDir()
	dir := filepath.Join(root, "dist", "staging")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return root, manifests.Environment{Name: "staging", Path: "dist/staging"}
}

// An engine that overlooks something must not pass as one that found nothing.
func TestWhatTheEngineOverlooksIsAtFault(t *testing.T) {
	const two = "kind: A\n---\nkind: B\n"
	valid := func(n int) string {
		one := `{"filename":"dist/staging/a.yaml","status":"statusValid"}`
		return strings.TrimSuffix(strings.Repeat(one+",", n), ",")
	}
	for name, tc := range map[string]struct {
		text, answer, status string
		finding              string // a part of it; empty when there is none
		err                  string // a part of it; empty when there is none
	}{
		"all judged":         {two, `{"resources":[` + valid(2) + `],"summary":{"valid":2}}`, "0", "", ""},
		"one overlooked":     {two, `{"resources":[` + valid(1) + `],"summary":{"valid":1}}`, "0", "holds 2 resources, but kubeconform judged 1", ""},
		"all overlooked":     {two, `{"resources":[],"summary":{}}`, "0", "judged 0", ""},
		"one skipped":        {"kind: A\n", `{"resources":[{"filename":"dist/staging/a.yaml","status":"statusSkipped","msg":"skipped"}],"summary":{"skipped":1}}`, "0", "skipped", ""},
		"summary disagrees":  {two, `{"resources":[` + valid(2) + `],"summary":{"valid":3}}`, "0", "", "2 resources counted"},
		"empty file":         {"# nothing\n", `{"resources":[{"filename":"dist/staging/a.yaml","status":""}],"summary":{}}`, "0", "holds no resource", ""},
		"not YAML":           {"a: [\n", `{"resources":[],"summary":{}}`, "0", "cannot be read", ""},
		"fails for no cause": {two, `{"resources":[` + valid(2) + `],"summary":{"valid":2}}`, "3", "", "exit status 3"},
		"no JSON":            {two, "panic", "2", "", "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			root, e := environment(t, tc.text)
			result, err := conform(t.Context(), fakeEngine(t, tc.answer, tc.status), schemas.Set{Dir: root}, root, e)
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("want the error %q, got: %v", tc.err, err)
			}
			var found []string
			for _, f := range result.Findings {
				found = append(found, f.Messages...)
			}
			all := strings.Join(found, "; ")
			if (len(found) == 0) != (tc.finding == "") || !strings.Contains(all, tc.finding) {
				t.Errorf("want the finding %q, got %q", tc.finding, all)
			}
		})
	}
}

func TestAnEngineThatDoesNotStartIsAnError(t *testing.T) {
	root, e := environment(t, "kind: A\n")
	if _, err := conform(t.Context(), filepath.Join(root, "missing"), schemas.Set{Dir: root}, root, e); err == nil {
		t.Error("want an error")
	}
}

func TestExplain(t *testing.T) {
	const intro = "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///s.json#'"
	for name, tc := range map[string]struct {
		message string
		want    []string
	}{
		"sorted": {
			intro + " - at '/b': got string, want integer - at '/a': missing property 'x'",
			[]string{"/a: missing property 'x'", "/b: got string, want integer"},
		},
		"headings are left out": {
			intro + " - at '': validation failed   - at '/a': allOf failed     - at '/a/b': got null, want string   - at '': missing property 'c'",
			[]string{"/: missing property 'c'", "/a/b: got null, want string"},
		},
		"alternatives share a line": {
			intro + " - at '/m': validation failed   - at '/m': 'anyOf' failed     - at '/m': missing property 'a'     - at '/m/n': got null, want string   - at '/m': unknown",
			[]string{"/m: missing property 'a', or /m/n: got null, want string", "/m: unknown"},
		},
		"unknown fields": {
			intro + " - at '/a': additional properties 'z', 'y' not allowed",
			[]string{"/a: unknown field 'y', 'z'"},
		},
		"quantity": {
			intro + " - at '/a': '1mb' does not match pattern '" + strings.ReplaceAll(schemas.QuantityPattern, `\`, `\\`) + "'",
			[]string{"/a: '1mb' is not a quantity, such as 250m or 128Mi"},
		},
		"bytes, which may be a secret": {
			intro + " - at '/data/password': 'hunter2' does not match pattern '" + strings.ReplaceAll(schemas.Base64Pattern, `\`, `\\`) + "'",
			[]string{"/data/password: is not base64"},
		},
		"another pattern": {
			intro + " - at '/a': 'x' does not match pattern '^y$'",
			[]string{"/a: 'x' does not match pattern '^y$'"},
		},
		"quotes in a path": {
			intro + ` - at '/a/it\'s': got null, want string`,
			[]string{`/a/it\'s: got null, want string`},
		},
		"no schema": {
			"could not find schema for Thing",
			[]string{"no such kind in Kubernetes v1.0.0 or in the CRDs that tools/internal/schemas/sources.go lists"},
		},
		"something else": {"error while  parsing:\nmissing 'kind' key", []string{"error while parsing: missing 'kind' key"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explain(tc.message, schemas.Set{KubernetesVersion: "v1.0.0"}); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
