package main

import (
	"strings"
	"testing"
)

func TestRunNamesWhatIsMissing(t *testing.T) {
	for name, tc := range map[string]struct {
		source string
		args   []string
		want   string
	}{
		"no program":      {"../..", nil, `"" is not a program, choose one of gofumpt, golangci-lint, kubeconform`},
		"no such program": {"../..", []string{"golint"}, `"golint" is not a program`},
		"no go.mod":       {"testdata/none", []string{"kubeconform"}, "go.mod"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(t.Context(), t.TempDir(), "", tc.source, []string{"."}, tc.args)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error must say %q, got: %v", tc.want, err)
			}
		})
	}
}

// kubeconform is the quickest to build; with no manifest it fails, with -v it
// does not.
func TestRunReportsEachFolderThatFails(t *testing.T) {
	root, cache := t.TempDir(), t.TempDir()
	if err := run(t.Context(), root, cache, "../..", []string{".", "."}, []string{"kubeconform", "-v"}); err != nil {
		t.Errorf("status 0 everywhere is no error, got: %v", err)
	}
	err := run(t.Context(), root, cache, "../..", []string{".", "."}, []string{"kubeconform", "-no-such-flag"})
	if err == nil || !strings.Contains(err.Error(), "failed in ., .") {
		t.Errorf("the error must name the folders, got: %v", err)
	}
	if err := run(t.Context(), root, cache, "../..", []string{"missing"}, []string{"kubeconform", "-v"}); err == nil {
		t.Error("a folder that does not exist must be an error")
	}
}
