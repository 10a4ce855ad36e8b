// Package cdktest is what tests need to look at synthesized CloudFormation.
//
//   - Main: the TestMain of every test binary that uses jsii
//   - Synth: one construct in a stack of its own, as a template
//   - Template, Resource: parsed templates; resources are found by type and
//     property, never by their hashed ids (template.go)
//
// jsii is not goroutine-safe: no test that uses this package runs in parallel.
package cdktest

import (
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/host"
)

// Main runs the tests of a binary on the pinned Node, then what is to be done
// after all of them, and closes jsii once. Call it from TestMain.
func Main(m *testing.M, after ...func()) {
	host.Prepare()
	code := m.Run()
	for _, f := range after {
		f()
	}
	host.Close()
	os.Exit(code)
}

// Account and Region are where Synth's stack stands.
const (
	Account = "111122223333"
	Region  = "eu-north-1"
)

// Synth puts what build makes into an empty stack and returns its template. The
// template is not validated: the whole environments are, in test/.
func Synth(t testing.TB, build func(stack cdk.Stack)) Template {
	t.Helper()
	dir := t.TempDir()
	app, err := cdkapp.New(cdkapp.Options{Outdir: dir, Unvalidated: true})
	if err != nil {
		t.Fatal(err)
	}
	stack := cdk.NewStack(app, jsii.String("Test"), &cdk.StackProps{
		Env: &cdk.Environment{Account: jsii.String(Account), Region: jsii.String(Region)},
	})
	build(stack)
	app.Synth(nil)
	return Read(t, dir, "Test")
}

// MustPanic runs f and returns what it panicked with; not to panic fails the
// test.
func MustPanic(t testing.TB, f func()) (message any) {
	t.Helper()
	defer func() {
		message = recover()
		if message == nil {
			t.Error("expected a panic")
		}
	}()
	f()
	return nil
}
