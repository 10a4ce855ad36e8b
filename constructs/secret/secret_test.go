package secret_test

import (
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/secret"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func synth(t *testing.T, props secret.Props) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		s := secret.New(stack, "Mongo", props)
		cdk.NewCfnOutput(stack, jsii.String("Secret"), &cdk.CfnOutputProps{Value: s.Resource().Ref()})
	})
}

func TestSecretIsAnEntryWithoutAValue(t *testing.T) {
	template := synth(t, secret.Props{Name: "fintrack/mongodb-uri", Description: "MongoDB Atlas connection string"})
	s := template.Only(t, "AWS::SecretsManager::Secret")
	s.Want(t, "Name", "fintrack/mongodb-uri")
	s.Want(t, "Description", "MongoDB Atlas connection string")
	// Neither SecretString nor GenerateSecretString, nor anything else.
	if len(s.Properties) != 2 {
		t.Errorf("the properties are %s, want Name and Description alone", cdktest.Show(s.Properties))
	}
	if len(template.Resources) != 1 {
		t.Errorf("the stack holds %d resources, want the secret alone", len(template.Resources))
	}
	if got := cdktest.At(template.Outputs["Secret"].Value, "Ref"); got != s.LogicalID {
		t.Errorf("Resource refers to %v, want the secret %s", got, s.LogicalID)
	}
}

func TestSecretOutlivesTheStackAndAReplacement(t *testing.T) {
	s := synth(t, secret.Props{Name: "fintrack/a", Description: "a"}).Only(t, "AWS::SecretsManager::Secret")
	if s.DeletionPolicy != "RetainExceptOnCreate" || s.UpdateReplacePolicy != "Retain" {
		t.Errorf("the policies are %q on deletion and %q on replacement, want RetainExceptOnCreate and Retain", s.DeletionPolicy, s.UpdateReplacePolicy)
	}
}

func TestMissingRotationIsAcceptedWithAReason(t *testing.T) {
	s := synth(t, secret.Props{Name: "fintrack/a", Description: "a"}).Only(t, "AWS::SecretsManager::Secret")
	rules, _ := cdktest.At(s.Metadata, "cdk_nag.rules_to_suppress").([]any)
	if len(rules) != 1 || cdktest.At(rules[0], "id") != "AwsSolutions-SMG4" || cdktest.At(rules[0], "reason") == "" {
		t.Errorf("accepted is %s, want AwsSolutions-SMG4 alone, with a reason", cdktest.Show(rules))
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, props := range map[string]secret.Props{
		`secret: Props.Name and Description must be given, got "" and "what"`: {Description: "what"},
		`secret: Props.Name and Description must be given, got "a/b" and ""`:  {Name: "a/b"},
	} {
		message := cdktest.MustPanic(t, func() { synth(t, props) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
