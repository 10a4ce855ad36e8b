// Command doctor is `make doctor`: it looks for what is missing on this machine
// and for values that still are the example's, all at once.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/fintrack/platform/config"
)

// tool is a program that the platform needs.
type tool struct {
	name string
	args []string
	// version must be found in what the program prints.
	version *regexp.Regexp
	// wanted is said when it is not.
	wanted string
	// optional programs are needed for a deployment only.
	optional bool
}

var tools = []tool{
	{name: "go", args: []string{"version"}, version: regexp.MustCompile(`go1\.(2[6-9]|[3-9][0-9])`), wanted: "Go 1.26 or newer"},
	{name: "git", args: []string{"--version"}, version: regexp.MustCompile(`version [2-9]\.`), wanted: "Git 2"},
	{name: "npm", args: []string{"--version"}, version: regexp.MustCompile(`^([89]|[1-9][0-9])\.`), wanted: "npm 8 or newer"},
	{name: "node", args: []string{"--version"}, version: regexp.MustCompile(`^v24\.`), wanted: "Node 24, which `make setup` installs"},
	{name: "aws", args: []string{"--version"}, version: regexp.MustCompile(`aws-cli/2`), wanted: "the AWS command line 2, to deploy", optional: true},
	{name: "kubectl", args: []string{"version", "--client"}, version: regexp.MustCompile(`v1\.3[4-7]`), wanted: "kubectl 1.34 to 1.37, to look into the cluster", optional: true},
}

func main() {
	if err := run(os.Stdout, tools, config.All()); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
	fmt.Println("\nnext: make synth")
}

// run prints one line for each finding and fails when something is missing.
func run(out io.Writer, tools []tool, envs []config.Environment) error {
	missing := 0
	say := func(ok, optional bool, text string) {
		mark := "ok     "
		switch {
		case !ok && optional:
			mark = "later  "
		case !ok:
			mark = "MISSING"
			missing++
		}
		fmt.Fprintf(out, "%s  %s\n", mark, text)
	}
	for _, t := range tools {
		printed, err := exec.Command(t.name, t.args...).CombinedOutput()
		found, _, _ := strings.Cut(strings.TrimSpace(string(printed)), "\n")
		switch {
		case errors.Is(err, exec.ErrNotFound):
			say(false, t.optional, fmt.Sprintf("%s: not on PATH; wanted: %s", t.name, t.wanted))
		case err != nil || !t.version.MatchString(strings.TrimSpace(string(printed))):
			say(false, t.optional, fmt.Sprintf("%s: found %q; wanted: %s", t.name, found, t.wanted))
		default:
			say(true, t.optional, t.name+": "+found)
		}
	}
	for _, env := range envs {
		for _, line := range problems(env.Validate()) {
			say(false, false, env.Name+": "+line)
		}
		for _, problem := range env.Unedited() {
			say(false, false, env.Name+": "+problem.String())
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d of these must be mended before a deployment", missing)
	}
	return nil
}

// problems splits a validation error into its lines.
func problems(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}
