package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// edited is staging as somebody who adopts the platform leaves it.
func edited() config.Environment {
	env := configtest.Example()
	env.Account, env.Owner, env.Repository = "444455556666", "ops@acme.io", "acme/platform"
	env.Workloads[0].Ingress.Host = "staging.acme.io"
	return env
}

func fake(name, version string, optional bool) tool {
	return tool{name: name, args: []string{"version"}, version: regexp.MustCompile(version), wanted: "a good one", optional: optional}
}

func TestDoctorNamesEverythingAtOnce(t *testing.T) {
	wrong := edited()
	wrong.Region = "nowhere"
	var out strings.Builder
	err := run(&out, []tool{
		fake("go", "go1", false),
		fake("go", "never", false),
		fake("no-such-program", "x", false),
		fake("no-such-program", "x", true),
	}, []config.Environment{configtest.Example(), wrong})
	if err == nil || !strings.Contains(err.Error(), "must be mended") {
		t.Errorf("the error is %v", err)
	}
	for _, want := range []string{
		`(?m)^ok +go: go version`,
		`(?m)^MISSING +go: found "go version .*"; wanted: a good one`,
		`(?m)^MISSING +no-such-program: not on PATH`,
		`(?m)^later +no-such-program: not on PATH`,
		`(?m)^MISSING +staging: account: "111122223333" is the example's`,
		`(?m)^MISSING +staging: region: "nowhere" is not allowed, choose one of`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("the output has no %q:\n%s", want, out.String())
		}
	}
}

func TestDoctorIsContentWithAnEditedEnvironment(t *testing.T) {
	var out strings.Builder
	if err := run(&out, []tool{fake("go", "go1", false), fake("no-such-program", "x", true)}, []config.Environment{edited()}); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}
