package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"

	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cfnvalidate"
)

// TestValidatorFindsNothing: every template of every environment passes CDK's
// own CloudFormation validator without an error and without a warning.
func TestValidatorFindsNothing(t *testing.T) {
	for _, env := range environments(t) {
		for _, finding := range reportFindings(t, filepath.Join(env.assembly, "validation-report.json")) {
			t.Errorf("%s: %s", env.Name, finding)
		}
	}
}

// bad makes an app with a template that the validator warns about.
func bad(t *testing.T, warning bool) cdk.App {
	t.Helper()
	app, err := cdkapp.New(cdkapp.Options{Outdir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	stack := cdk.NewStack(app, jsii.String("Bad"), nil)
	props := &ec2.CfnVPCProps{CidrBlock: jsii.String("10.0.0.0/16")}
	vpc := ec2.NewCfnVPC(stack, jsii.String("Vpc"), props)
	if warning {
		// A zone that is written down is a warning.
		ec2.NewCfnSubnet(stack, jsii.String("Subnet"), &ec2.CfnSubnetProps{
			VpcId: vpc.Ref(), CidrBlock: jsii.String("10.0.1.0/24"), AvailabilityZone: jsii.String("eu-north-1a"),
		})
	} else {
		vpc.AddPropertyOverride(jsii.String("InstanceTenancy"), 3.5)
		vpc.AddPropertyOverride(jsii.String("NoSuchProperty"), "x")
	}
	return app
}

// TestBadTemplateFailsEachTime: errors and warnings end the synth, and a bad
// template is not remembered as a good one. The process runs with
// CDK_VALIDATION=false, which must not matter.
func TestBadTemplateFailsEachTime(t *testing.T) {
	quiet(t)
	for name, warning := range map[string]bool{"error": false, "warning": true} {
		for attempt := range 2 {
			if message := panicOf(func() { bad(t, warning).Synth(nil) }); !strings.Contains(message, "Validation failed") {
				t.Errorf("%s, attempt %d: the synth ended with %q", name, attempt+1, message)
			}
		}
	}
}

// TestUnchangedTemplatesAreValidatedOnce counts what reaches the validator.
func TestUnchangedTemplatesAreValidatedOnce(t *testing.T) {
	stamps := t.TempDir()
	newer := filepath.Join(t.TempDir(), "go.mod")
	if err := os.WriteFile(newer, []byte("require github.com/aws/aws-cdk-go/awscdk/v2 v2.999.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	unknown := filepath.Join(t.TempDir(), "go.mod") // there is none: nothing may be remembered
	// input is all that decides, and a second stack that never changes.
	type input struct{ gomod, account, region, cidr string }
	validated := func(in input) int {
		app, err := cdkapp.New(cdkapp.Options{Outdir: t.TempDir(), Unvalidated: true})
		if err != nil {
			t.Fatal(err)
		}
		plugin := cfnvalidate.New(stamps, in.gomod)
		cdk.Validations_Of(app).AddPlugins(plugin)
		for name, cidr := range map[string]string{"One": "10.0.0.0/16", "Two": in.cidr} {
			stack := cdk.NewStack(app, jsii.String(name), &cdk.StackProps{
				Env: &cdk.Environment{Account: jsii.String(in.account), Region: jsii.String(in.region)},
			})
			ec2.NewCfnVPC(stack, jsii.String("Vpc"), &ec2.CfnVPCProps{
				CidrBlock: jsii.String(cidr),
				Tags:      &[]*cdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(name)}},
			})
		}
		app.Synth(nil)
		return plugin.Validated()
	}
	base := input{root("go.mod"), "111122223333", "eu-north-1", "10.1.0.0/16"}
	with := func(change func(*input)) input {
		in := base
		change(&in)
		return in
	}
	for _, step := range []struct {
		what string
		in   input
		want int
	}{
		{"both are new", base, 2},
		{"nothing has changed", base, 0},
		{"one has changed", with(func(in *input) { in.cidr = "10.2.0.0/16" }), 1},
		{"it has changed back", base, 0},
		{"another account", with(func(in *input) { in.account = "444455556666" }), 2},
		{"another region", with(func(in *input) { in.region = "eu-west-1" }), 2},
		{"another version of the validator", with(func(in *input) { in.gomod = newer }), 2},
		{"an unknown version of the validator", with(func(in *input) { in.gomod = unknown }), 2},
		{"an unknown version once more", with(func(in *input) { in.gomod = unknown }), 2},
	} {
		if got := validated(step.in); got != step.want {
			t.Errorf("%s: %d templates were validated, want %d", step.what, got, step.want)
		}
	}
}

// panicOf runs f and returns what it panicked with as a text.
func panicOf(f func()) (message string) {
	defer func() {
		if p := recover(); p != nil {
			message = strings.TrimSpace(panicText(p))
		}
	}()
	f()
	return ""
}

func panicText(p any) string {
	if err, ok := p.(error); ok {
		return err.Error()
	}
	text, _ := p.(string)
	return text
}

// quiet keeps what CDK prints of an expected failure out of the tests' output.
func quiet(t *testing.T) {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = null
	t.Cleanup(func() {
		os.Stderr = stderr
		null.Close() //nolint:errcheck // nothing was written
	})
}
