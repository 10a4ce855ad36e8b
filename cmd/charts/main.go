// Command charts renders the Kubernetes manifests of every environment to
// dist/<env>/. It is what `npx cdk8s synth` runs; the CLI says in CDK8S_OUTDIR
// where else the manifests shall go.
//
//	go run ./cmd/charts [-env NAME]
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/host"
)

func main() {
	name := flag.String("env", "", "render the environment of this `NAME` only")
	flag.Parse()
	host.Main(func() error {
		if flag.NArg() > 0 {
			return fmt.Errorf("unknown argument %q; the only option is -env NAME", flag.Arg(0))
		}
		// To standard error: standard output is the CLI's.
		return run(config.Load, *name, cmp.Or(os.Getenv("CDK8S_OUTDIR"), "dist"), os.Stderr)
	})
}

// run renders the environment of that name, or all when there is no name. It
// writes nothing unless all environments are valid.
func run(load func() ([]config.Environment, error), name, out string, log io.Writer) error {
	envs, err := load()
	if err != nil {
		return err
	}
	if name != "" {
		env, err := config.Find(envs, name)
		if err != nil {
			return err
		}
		envs = []config.Environment{env}
	}
	for _, env := range envs {
		dir := filepath.Join(out, env.Name)
		summary, err := charts.Render(env, dir)
		if err != nil {
			return err
		}
		fmt.Fprintf(log, "%s: %s\n", dir, summary)
		for _, workload := range contract.For(env).Unreleased() {
			fmt.Fprintf(log, "%s: %s has no release yet, its image is the placeholder :%s\n", dir, workload, contract.UnreleasedTag)
		}
	}
	return nil
}
