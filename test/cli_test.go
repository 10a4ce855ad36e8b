package test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// run runs a command line at the repository's root with the pinned Node first
// on PATH, as npx does.
func run(t *testing.T, extra []string, name string, args ...string) string {
	t.Helper()
	bin, err := filepath.Abs(root("node_modules", ".bin"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(filepath.Join(bin, name), args...)
	command.Dir = root()
	command.Env = append(os.Environ(), append([]string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}, extra...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
	return string(output)
}

// TestCdkLsListsAllStacksInOrder: selecting the front door selects everything,
// each stack after those that it needs.
func TestCdkLsListsAllStacksInOrder(t *testing.T) {
	out := t.TempDir()
	output := run(t, nil, "cdk", "ls", "FinTrackStaging", "--output", out)
	var stacks []string
	for _, line := range lines(output) {
		if strings.HasPrefix(line, "FinTrackStaging") {
			stacks = append(stacks, line)
		}
	}
	m := readManifest(t, out)
	for i, stack := range stacks {
		for _, dependency := range m.Artifacts[stack].Dependencies {
			if strings.HasSuffix(dependency, ".assets") {
				continue
			}
			if at := slices.Index(stacks, dependency); at < 0 || at > i {
				t.Errorf("%s needs %s and is listed before it:\n%s", stack, dependency, output)
			}
		}
	}
	if len(stacks) != 6 || stacks[len(stacks)-1] != "FinTrackStaging" {
		t.Errorf("cdk ls FinTrackStaging lists %v, want all six and the front door last", stacks)
	}
	// What the CLI deploys is what all other tests have looked at.
	for name := range released(t).templates {
		file := name + ".template.json"
		if !bytes.Equal(readFile(t, filepath.Join(out, file)), readFile(t, filepath.Join(released(t).assembly, file))) {
			t.Errorf("%s is not the same below the CLI; is a flag of cdk.json missing?", file)
		}
	}
	// A missing edit is named where people deploy.
	output = run(t, nil, "cdk", "synth", "--quiet", "--output", out, "FinTrackStaging")
	for _, problem := range released(t).Unedited() {
		if !strings.Contains(output, problem.String()) {
			t.Errorf("the CLI does not say that %s:\n%s", problem, output)
		}
	}
}

// TestCdk8sSynthWritesTheSameManifests: the CLI renders what Render renders,
// into dist/ or where -o says.
func TestCdk8sSynthWritesTheSameManifests(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	run(t, []string{"CDK8S_CHECK_UPGRADE=false"}, "cdk8s", "synth", "-o", out)
	compareTrees(t, "cdk8s synth", tree(t, released(t).manifests), tree(t, filepath.Join(out, "staging")))
}
