// Command synth is `make synth`: it writes the templates of every environment
// to cdk.out/ and the manifests to dist/<env>/, each directory replaced as a
// whole, and says what it has written and what comes next.
//
//	go run ./cmd/synth [-templates DIR] [-manifests DIR]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/folder"
	"github.com/fintrack/platform/internal/host"
	"github.com/fintrack/platform/stacks"
)

func main() {
	templates := flag.String("templates", "cdk.out", "write the templates to this `DIR`")
	manifests := flag.String("manifests", "dist", "write the manifests to DIR/<env>/ of this `DIR`")
	flag.Parse()
	host.Main(func() error {
		if flag.NArg() > 0 {
			return fmt.Errorf("unknown argument %q; see -help", flag.Arg(0))
		}
		envs, err := config.Load()
		if err != nil {
			return err
		}
		return run(os.Stdout, envs, *templates, *manifests)
	})
}

func run(out io.Writer, envs []config.Environment, templates, manifests string) error {
	start := time.Now()
	say := func(format string, args ...any) {
		fmt.Fprintf(out, format, args...)
	}
	say("synthesizing the templates …\n")
	if err := synth(envs, templates); err != nil {
		return err
	}
	stackCount, resourceCount, err := count(templates)
	if err != nil {
		return err
	}
	say("  %-16s %d stacks, %d resources\n", templates+"/", stackCount, resourceCount)
	say("rendering the manifests …\n")
	var names []string
	for _, env := range envs {
		names = append(names, env.Name)
		dir := filepath.Join(manifests, env.Name)
		summary, err := charts.Render(env, dir)
		if err != nil {
			return err
		}
		say("  %-16s %s\n", dir+"/", summary)
	}
	// An environment that was taken out leaves nothing behind.
	if err := folder.Prune(manifests, folder.Manifests, names...); err != nil {
		return err
	}
	say("done in %.1f s\n\n", time.Since(start).Seconds())
	say("%s", next(envs))
	return nil
}

// synth writes the cloud assembly of all environments.
func synth(envs []config.Environment, dir string) error {
	return folder.Replace(dir, folder.Assembly, func(fresh string) error {
		app, err := cdkapp.New(cdkapp.Options{Outdir: fresh})
		if err != nil {
			return err
		}
		for _, env := range envs {
			stacks.Add(app, env)
		}
		return cdkapp.Synth(app)
	})
}

// count says how many stacks and resources are in a cloud assembly.
func count(assembly string) (stackCount, resourceCount int, err error) {
	files, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil {
		return 0, 0, err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return 0, 0, err
		}
		var template struct{ Resources map[string]any }
		if err := json.Unmarshal(data, &template); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", file, err)
		}
		resourceCount += len(template.Resources)
	}
	return len(files), resourceCount, nil
}

// next names what is still to be decided, and the next step.
func next(envs []config.Environment) string {
	var b strings.Builder
	for _, env := range envs {
		for _, workload := range contract.For(env).Unreleased() {
			fmt.Fprintf(&b, "note: %s/%s has no release yet, its image is the placeholder :%s\n", env.Name, workload, contract.UnreleasedTag)
		}
		if n := len(env.Unedited()); n > 0 {
			fmt.Fprintf(&b, "note: %s still holds %d values of the example; `make doctor` names them\n", env.Name, n)
		}
	}
	fmt.Fprintf(&b, "next: make test, then npx cdk deploy %s (README.md, \"Deploy to an account\")\n", contract.For(envs[0]).Stacks.Platform)
	return b.String()
}
