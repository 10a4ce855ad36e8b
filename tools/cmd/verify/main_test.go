package main

import (
	"strings"
	"testing"
)

func TestRunNamesWhatIsMissing(t *testing.T) {
	for name, tc := range map[string]struct{ only, want string }{
		"no such engine":     {"kubeconfrom", `"kubeconfrom" is not an engine, choose one of kubeconform`},
		"nothing rendered":   {"", "verify: 0 checked"},
		"engine, no folders": {"kubeconform", "verify: 0 checked"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(t.Context(), t.TempDir(), "", "../..", tc.only)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error must say %q, got: %v", tc.want, err)
			}
			if err != nil && strings.Contains(err.Error(), "at fault") {
				t.Errorf("nothing was judged, so nothing is at fault, got: %v", err)
			}
		})
	}
}
