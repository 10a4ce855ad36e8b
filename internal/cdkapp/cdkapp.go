// Package cdkapp makes CDK apps the one way that is right: with the feature
// flags of cdk.json, whoever starts the program.
//
// awscdk.NewApp by itself sees cdk.json only below the CDK CLI. In a test or a
// plain `go run` the flags would be missing, and with them come back Amazon
// Linux 2 nodes, a Lambda for the OIDC provider, and differently named
// resources. No other code of the repository calls awscdk.NewApp.
package cdkapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/internal/cfnvalidate"
	"github.com/fintrack/platform/internal/host"
)

// Options configure an app.
type Options struct {
	// Outdir is where Synth writes. Empty leaves it to the CDK CLI, which says
	// so in CDK_OUTDIR, or else to a temporary directory.
	Outdir string
	// Unvalidated leaves out the validation of the templates. It is for tests
	// that look at something else; no program sets it.
	Unvalidated bool
}

// New makes an app with the context of the repository's cdk.json, whose
// templates are validated when it is synthesized.
func New(options Options) (cdk.App, error) {
	root, err := host.Root()
	if err != nil {
		return nil, err
	}
	context, err := flags(root)
	if err != nil {
		return nil, err
	}
	props := &cdk.AppProps{
		Context:            &context,
		AnalyticsReporting: jsii.Bool(false), // no CDKMetadata resource in the templates
		StackTraces:        jsii.Bool(false), // of jsii's insides, no help to anybody
	}
	if options.Outdir != "" {
		props.Outdir = jsii.String(options.Outdir)
	}
	app := cdk.NewApp(props)
	if !options.Unvalidated {
		cdk.Validations_Of(app).AddPlugins(cfnvalidate.New(filepath.Join(root, ".cache", "validated"), filepath.Join(root, "go.mod")))
	}
	return app, nil
}

// Synth synthesizes an app. What CDK or its validator object to has been printed
// to standard error by then.
func Synth(app cdk.App) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			panic(p) // a bug of ours, not CDK's answer
		default:
			err = fmt.Errorf("synth: %v", p)
			if strings.Contains(err.Error(), "ValidationFailed") {
				err = errors.New("the templates are not valid, see above")
			}
		}
	}()
	app.Synth(nil)
	return nil
}

// flags reads the context of cdk.json.
func flags(root string) (map[string]any, error) {
	file := filepath.Join(root, "cdk.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read feature flags: %w", err)
	}
	var parsed struct {
		Context map[string]any `json:"context"`
	}
	if err := json.Unmarshal(data, &parsed); err != nil {
		return nil, fmt.Errorf("%s: is not valid JSON: %w", file, err)
	}
	return parsed.Context, nil
}
