// Package charts renders an environment into Kubernetes manifests.
//
//   - charts.go: Render, which writes one directory with a folder for each
//     chart and a file for each object
//   - fintrack: the chart of the workloads
//   - addons: the chart of what the workloads need of the cluster's add-ons
package charts

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"

	"github.com/fintrack/platform/charts/addons"
	"github.com/fintrack/platform/charts/fintrack"
	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/folder"
)

// all are the charts of every environment, in the order of the summary.
var all = []func(constructs.Construct, config.Environment, contract.Contract) *kube.Chart{
	addons.New,
	fintrack.New,
}

// Summary says what a render has written.
type Summary struct {
	Charts []ChartSummary
}

// ChartSummary is one folder of a render.
type ChartSummary struct {
	Name string
	// Manifests is the number of objects, each in a file of its own.
	Manifests int
}

// Manifests is the number of objects in all charts.
func (s Summary) Manifests() int {
	total := 0
	for _, chart := range s.Charts {
		total += chart.Manifests
	}
	return total
}

// String is "6 manifests in addons, 12 in fintrack".
func (s Summary) String() string {
	parts := make([]string, len(s.Charts))
	for i, chart := range s.Charts {
		unit := ""
		if i == 0 {
			unit = "manifests "
		}
		parts[i] = fmt.Sprintf("%d %sin %s", chart.Manifests, unit, chart.Name)
	}
	return strings.Join(parts, ", ")
}

// Render writes the manifests of an environment to dir, as
// <chart>/<Kind>.<name>.yaml, and replaces what was rendered there before. The
// environment should have passed Validate. After an error dir is what it was.
func Render(env config.Environment, dir string) (Summary, error) {
	// A render makes much garbage next to little that stays: collecting it at
	// the default pace takes a quarter of Go's part of the work.
	defer debug.SetGCPercent(debug.SetGCPercent(400))

	var summary Summary
	err := folder.Replace(dir, folder.Manifests, func(fresh string) (err error) {
		defer explain(&err)
		summary, err = synth(env, fresh)
		return err
	})
	if err != nil {
		return Summary{}, fmt.Errorf("render %s: %w", env.Name, err)
	}
	return summary, nil
}

// synth renders into a directory that does not exist yet.
func synth(env config.Environment, dir string) (Summary, error) {
	app := cdk8s.NewApp(&cdk8s.AppProps{
		Outdir:              new(dir), // or it would be CDK8S_OUTDIR, which is for all environments
		OutputFileExtension: new(".yaml"),
		YamlOutputType:      cdk8s.YamlOutputType_FOLDER_PER_CHART_FILE_PER_RESOURCE,
		// Off also when the CLI asks for it: the result must not depend on
		// who renders.
		RecordConstructMetadata: new(false),
	})
	c := contract.For(env)
	var made []*kube.Chart
	for _, chart := range all {
		made = append(made, chart(app, env, c))
	}
	app.Synth()

	files, err := folder.ListManifests(dir)
	if err != nil {
		return Summary{}, err
	}
	var summary Summary
	for _, chart := range made {
		if err := chart.Check(files[chart.Name]); err != nil {
			return Summary{}, err
		}
		summary.Charts = append(summary.Charts, ChartSummary{Name: chart.Name, Manifests: len(files[chart.Name])})
	}
	return summary, nil
}

// explain turns a panic of jsii, which is how errors of cdk8s arrive in Go,
// into an error. A panic of Go itself is a bug of ours and goes on.
func explain(err *error) {
	switch p := recover().(type) {
	case nil:
	case runtime.Error:
		panic(p)
	default:
		*err = fmt.Errorf("%v", p)
	}
}
