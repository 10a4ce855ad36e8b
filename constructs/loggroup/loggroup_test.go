package loggroup_test

import (
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/loggroup"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func TestGroupHasItsNameAndRetention(t *testing.T) {
	template := cdktest.Synth(t, func(stack cdk.Stack) {
		group := loggroup.New(stack, "Logs", loggroup.Props{Name: "/fintrack/test/application", RetentionDays: 14})
		cdk.NewCfnOutput(stack, jsii.String("Group"), &cdk.CfnOutputProps{Value: group.Resource().Ref()})
	})
	group := template.Only(t, "AWS::Logs::LogGroup")
	group.Want(t, "LogGroupName", "/fintrack/test/application")
	group.Want(t, "RetentionInDays", 14)
	if got := cdktest.At(template.Outputs["Group"].Value, "Ref"); got != group.LogicalID {
		t.Errorf("Resource refers to %v, want the group %s", got, group.LogicalID)
	}
}

func TestLogsOutliveTheStackAndAReplacement(t *testing.T) {
	group := cdktest.Synth(t, func(stack cdk.Stack) {
		loggroup.New(stack, "Logs", loggroup.Props{Name: "/fintrack/test/application", RetentionDays: 1})
	}).Only(t, "AWS::Logs::LogGroup")
	if group.DeletionPolicy != "RetainExceptOnCreate" || group.UpdateReplacePolicy != "Retain" {
		t.Errorf("the policies are %q on deletion and %q on replacement, want RetainExceptOnCreate and Retain", group.DeletionPolicy, group.UpdateReplacePolicy)
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, props := range map[string]loggroup.Props{
		`loggroup: Props.Name and Props.RetentionDays must be given, got "" and 7`:    {RetentionDays: 7},
		`loggroup: Props.Name and Props.RetentionDays must be given, got "/a" and 0`:  {Name: "/a"},
		`loggroup: Props.Name and Props.RetentionDays must be given, got "/a" and -1`: {Name: "/a", RetentionDays: -1},
	} {
		message := cdktest.MustPanic(t, func() {
			cdktest.Synth(t, func(stack cdk.Stack) { loggroup.New(stack, "Logs", props) })
		})
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
