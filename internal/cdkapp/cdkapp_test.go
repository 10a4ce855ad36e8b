package cdkapp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// TestEveryFlagOfCdkJSONArrives compares the app's context with the file.
func TestEveryFlagOfCdkJSONArrives(t *testing.T) {
	app, err := cdkapp.New(cdkapp.Options{Unvalidated: true})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "cdk.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Context) < 50 {
		t.Fatalf("cdk.json has %d flags", len(file.Context))
	}
	for key, want := range file.Context {
		if got := app.Node().TryGetContext(jsii.String(key)); cdktest.Show(got) != cdktest.Show(want) {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	for key, want := range map[string]any{
		"@aws-cdk/core:validateAgainstDefaultRules": true,
		"@aws-cdk/core:strictCfnValidateErrors":     true,
		"@aws-cdk/core:defaultCrossStackReferences": "strong",
		"@aws-cdk/aws-eks:defaultToAL2023":          true,
		"@aws-cdk/aws-eks:useNativeOidcProvider":    true,
	} {
		if file.Context[key] != want {
			t.Errorf("cdk.json has %s = %v, want %v", key, file.Context[key], want)
		}
	}
}

func TestOutsideOfTheRepositoryIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := cdkapp.New(cdkapp.Options{}); err == nil || !strings.Contains(err.Error(), "no cdk.json") {
		t.Errorf("the error is %v", err)
	}
	if err := os.WriteFile("cdk.json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cdkapp.New(cdkapp.Options{}); err == nil || !strings.Contains(err.Error(), "cdk.json: is not valid JSON") {
		t.Errorf("the error is %v", err)
	}
}

func TestSynthTurnsCDKsObjectionsIntoErrors(t *testing.T) {
	app, err := cdkapp.New(cdkapp.Options{Outdir: t.TempDir(), Unvalidated: true})
	if err != nil {
		t.Fatal(err)
	}
	stack := cdk.NewStack(app, jsii.String("Stack"), nil)
	// CloudFormation knows no output without a value.
	cdk.NewCfnOutput(stack, jsii.String("Empty"), &cdk.CfnOutputProps{Value: cdk.Token_AsString(cdk.Lazy_UncachedString(&failing{}, nil), nil)})
	if err := cdkapp.Synth(app); err == nil || !strings.Contains(err.Error(), "no value yet") {
		t.Errorf("the error is %v", err)
	}
}

// failing is a lazy value that cannot be produced.
type failing struct{}

// Produce implements cdk.IStringProducer.
func (*failing) Produce(cdk.IResolveContext) *string { panic("no value yet") }
