// Package cfnvalidate has every template validated by CDK's own CloudFormation
// validator, and no template twice.
//
// The validator costs several times as much as the rest of a synth. It depends
// on the template, the account and the region alone, so a template that it has
// found nothing in is remembered by a hash of all three and of the version of
// the CDK that holds the validator. Only a template without any finding, not
// even a warning, is remembered; a changed byte is a new template.
//
// The plugin stands in for the validator that CDK registers by itself. It is
// called on every synth, also below `cdk deploy`, and CDK_VALIDATION=false in
// somebody's shell does not switch it off.
package cfnvalidate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
)

// Name is the name under which findings are reported: that of CDK's own plugin,
// so that its flags and acknowledgements apply.
const Name = "CloudFormation Validate"

// cdkModule is the module that holds the validator.
const cdkModule = "github.com/aws/aws-cdk-go/awscdk/v2"

// Plugin is a CDK policy-validation plugin.
type Plugin struct {
	stamps  string
	version string
	// validated counts the templates that were really validated.
	validated int
}

var _ cdk.IPolicyValidationPlugin = (*Plugin)(nil)

// New makes a plugin that keeps its stamps in a directory, which it creates
// when it has something to remember. gomod is the repository's go.mod file.
func New(stamps, gomod string) *Plugin {
	return &Plugin{stamps: stamps, version: cdkVersion(gomod)}
}

// Validated is how many templates were validated and not found in the stamps.
func (p *Plugin) Validated() int { return p.validated }

// Name implements cdk.IPolicyValidationPlugin.
func (p *Plugin) Name() *string { return jsii.String(Name) }

// RuleIds implements cdk.IPolicyValidationPlugin. The rules are the
// validator's; naming them would mean loading it each time.
func (p *Plugin) RuleIds() *[]*string { return nil }

// Version implements cdk.IPolicyValidationPlugin.
func (p *Plugin) Version() *string { return nil }

// Validate implements cdk.IPolicyValidationPlugin: it passes the templates
// without a stamp on to CDK's validator and stamps those it finds nothing in.
func (p *Plugin) Validate(context cdk.IPolicyValidationContext) *cdk.PolicyValidationPluginReport {
	var pending []*cdk.PolicyValidationStack
	stampOf := map[string]string{}
	for _, stack := range *context.StackTemplates() {
		stamp, err := p.stamp(stack)
		if err != nil {
			panic(fmt.Sprintf("cfnvalidate: %v", err))
		}
		if stamp != "" && exists(stamp) {
			continue
		}
		stampOf[*stack.TemplatePath] = stamp
		pending = append(pending, stack)
	}
	if len(pending) == 0 {
		return &cdk.PolicyValidationPluginReport{Success: jsii.Bool(true), Violations: &[]*cdk.PolicyViolation{}}
	}
	p.validated += len(pending)
	report := cdk.NewCloudFormationValidatePlugin(nil).Validate(&subset{all: context, stacks: pending})
	for _, violation := range *report.Violations {
		for _, resource := range *violation.ViolatingResources {
			delete(stampOf, *resource.TemplatePath)
		}
	}
	for _, stack := range pending {
		if stamp := stampOf[*stack.TemplatePath]; stamp != "" {
			if err := write(stamp, *stack.StackConstructPath); err != nil {
				// The stamp saves time only; the template has been validated.
				fmt.Fprintf(os.Stderr, "note: cannot remember that %s is valid: %v\n", *stack.StackConstructPath, err)
			}
		}
	}
	return report
}

// stamp is the file that stands for a validated template; empty when the
// version of the validator is unknown and nothing may be remembered.
func (p *Plugin) stamp(stack *cdk.PolicyValidationStack) (string, error) {
	template, err := os.ReadFile(*stack.TemplatePath)
	if err != nil {
		return "", fmt.Errorf("read template: %w", err)
	}
	if p.version == "" {
		return "", nil
	}
	hash := sha256.New()
	for _, part := range []string{p.version, text(stack.AccountId), text(stack.Region), string(template)} {
		fmt.Fprintf(hash, "%d:%s;", len(part), part)
	}
	return filepath.Join(p.stamps, hex.EncodeToString(hash.Sum(nil))), nil
}

// subset is the context of CDK with fewer stacks. It does not embed the other:
// jsii would take the two for one object.
type subset struct {
	all    cdk.IPolicyValidationContext
	stacks []*cdk.PolicyValidationStack
}

func (s *subset) StackTemplates() *[]*cdk.PolicyValidationStack { return &s.stacks }

func (s *subset) TemplatePaths() *[]*string {
	paths := make([]*string, len(s.stacks))
	for i, stack := range s.stacks {
		paths[i] = stack.TemplatePath
	}
	return &paths
}

func (s *subset) AppConstruct() constructs.IConstruct { return s.all.AppConstruct() }

// AccountId and Region are deprecated in favour of those of each stack.
func (s *subset) AccountId() *string { return nil }

func (s *subset) Region() *string { return nil }

// write puts a stamp in place at once, so that an interrupted run leaves no
// half of it.
func write(stamp, content string) error {
	if err := os.MkdirAll(filepath.Dir(stamp), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(stamp), ".new-*")
	if err != nil {
		return err
	}
	_, err = temporary.WriteString(content + "\n")
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary.Name(), stamp)
	}
	if err != nil {
		os.Remove(temporary.Name()) //nolint:errcheck // best effort, the first error counts
	}
	return err
}

// cdkVersion is the version of the CDK in this binary, "" when it cannot be
// told. Programs carry it in their build information. Test binaries do not, but
// are always built from go.mod as it is.
func cdkVersion(gomod string) string {
	info, ok := debug.ReadBuildInfo()
	if ok && len(info.Deps) > 0 {
		for _, module := range info.Deps {
			if module.Path == cdkModule && module.Replace == nil {
				return module.Version
			}
		}
		return ""
	}
	data, err := os.ReadFile(gomod)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == cdkModule {
			return fields[1]
		}
	}
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
