package nag_test

import (
	"reflect"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/internal/nag"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func accepted(t *testing.T, acceptances ...nag.Acceptance) cdktest.Resource {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		role := iam.NewCfnRole(stack, jsii.String("Role"), &iam.CfnRoleProps{AssumeRolePolicyDocument: map[string]any{}})
		nag.Accept(role, acceptances...)
	}).Only(t, "AWS::IAM::Role")
}

func TestAcceptancesStandInTheTemplateInTheirOrder(t *testing.T) {
	role := accepted(t,
		nag.Acceptance{Rule: "AwsSolutions-IAM5", Finding: "Resource::*", Reason: "Describe calls take no resource."},
		nag.Acceptance{Rule: "AwsSolutions-IAM4", Reason: "AWS keeps it up to date."},
	)
	want := []any{
		map[string]any{"id": "AwsSolutions-IAM5", "reason": "Describe calls take no resource.", "applies_to": []any{"Resource::*"}},
		// Without a finding the rule is accepted as a whole: there is no applies_to.
		map[string]any{"id": "AwsSolutions-IAM4", "reason": "AWS keeps it up to date."},
	}
	if got := cdktest.At(role.Metadata, "cdk_nag.rules_to_suppress"); !reflect.DeepEqual(got, want) {
		t.Errorf("the metadata is %s, want %s", cdktest.Show(got), cdktest.Show(want))
	}
}

func TestAcceptanceChangesNothingButMetadata(t *testing.T) {
	role := accepted(t, nag.Acceptance{Rule: "AwsSolutions-IAM4", Reason: "AWS keeps it up to date."})
	if len(role.Properties) != 1 || role.Properties["AssumeRolePolicyDocument"] == nil {
		t.Errorf("the properties are %s, want the trust policy alone", cdktest.Show(role.Properties))
	}
}
