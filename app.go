// Command platform is the CDK app. The CDK command line runs it for every
// `cdk ls`, `cdk diff` and `cdk deploy`; `make synth` does the same and renders
// the manifests too.
package main

import (
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/host"
	"github.com/fintrack/platform/stacks"
)

func main() {
	host.Main(func() error {
		envs, err := config.Load()
		if err != nil {
			return err
		}
		app, err := cdkapp.New(cdkapp.Options{})
		if err != nil {
			return err
		}
		for _, env := range envs {
			stacks.Add(app, env)
		}
		return cdkapp.Synth(app)
	})
}
