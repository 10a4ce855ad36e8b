package registry_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/registry"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func synth(t *testing.T, props registry.Props) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		r := registry.New(stack, "Repository", props)
		cdk.NewCfnOutput(stack, jsii.String("Resource"), &cdk.CfnOutputProps{Value: r.Resource().Ref()})
		cdk.NewCfnOutput(stack, jsii.String("Uri"), &cdk.CfnOutputProps{Value: r.URI()})
	})
}

func web() registry.Props {
	return registry.Props{Name: "fintrack/web", KeepImages: 17, UntaggedDays: 3}
}

func TestRepositoryIsImmutableScannedAndEncrypted(t *testing.T) {
	template := synth(t, web())
	repository := template.Only(t, "AWS::ECR::Repository")
	repository.Want(t, "RepositoryName", "fintrack/web")
	repository.Want(t, "ImageTagMutability", "IMMUTABLE")
	repository.Want(t, "ImageScanningConfiguration.ScanOnPush", true)
	repository.Want(t, "EncryptionConfiguration", map[string]any{"EncryptionType": "KMS"})
	// Who may pull and push is decided by IAM, not by a policy of the repository;
	// and its images are never thrown away with it.
	repository.Want(t, "RepositoryPolicyText", nil)
	repository.Want(t, "EmptyOnDelete", nil)
	// An exclusion filter would make some tags mutable after all.
	repository.Want(t, "ImageTagMutabilityExclusionFilters", nil)
}

func TestImagesOutliveTheStackAndAReplacement(t *testing.T) {
	repository := synth(t, web()).Only(t, "AWS::ECR::Repository")
	if repository.DeletionPolicy != "RetainExceptOnCreate" || repository.UpdateReplacePolicy != "Retain" {
		t.Errorf("the policies are %q on deletion and %q on replacement, want RetainExceptOnCreate and Retain", repository.DeletionPolicy, repository.UpdateReplacePolicy)
	}
}

func TestLifecycleExpiresUntaggedByAgeAndTaggedByNumber(t *testing.T) {
	text, _ := synth(t, web()).Only(t, "AWS::ECR::Repository").At("LifecyclePolicy.LifecyclePolicyText").(string)
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("the lifecycle is not JSON: %v\n%s", err, text)
	}
	rules, _ := got["rules"].([]any)
	if len(got) != 1 || len(rules) != 2 {
		t.Fatalf("the lifecycle is %s, want two rules and nothing else", text)
	}
	for i, want := range []struct {
		priority  float64
		selection map[string]any
	}{
		{1, map[string]any{"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 3.0}},
		// ECR refuses a unit beside a number of images, and wants the patterns of a
		// "tagged" rule spelt out.
		{2, map[string]any{"tagStatus": "tagged", "tagPatternList": []any{"*"}, "countType": "imageCountMoreThan", "countNumber": 17.0}},
	} {
		if got := cdktest.At(rules[i], "rulePriority"); got != want.priority {
			t.Errorf("rule %d has priority %v, want %v", i, got, want.priority)
		}
		if got := cdktest.At(rules[i], "selection"); !reflect.DeepEqual(got, any(want.selection)) {
			t.Errorf("rule %d selects %s, want %s", i, cdktest.Show(got), cdktest.Show(want.selection))
		}
		if got := cdktest.At(rules[i], "action"); !reflect.DeepEqual(got, any(map[string]any{"type": "expire"})) {
			t.Errorf("rule %d does %s, want expire", i, cdktest.Show(got))
		}
		if got, _ := cdktest.At(rules[i], "description").(string); got == "" {
			t.Errorf("rule %d has no description", i)
		}
	}
}

func TestHandleLeadsToTheRepository(t *testing.T) {
	template := synth(t, web())
	id := template.Only(t, "AWS::ECR::Repository").LogicalID
	if got := cdktest.At(template.Outputs["Resource"].Value, "Ref"); got != id {
		t.Errorf("Resource refers to %v, want %s", got, id)
	}
	if got := cdktest.At(template.Outputs["Uri"].Value, "Fn::GetAtt"); !reflect.DeepEqual(got, []any{id, "RepositoryUri"}) {
		t.Errorf("URI is %v, want the RepositoryUri of %s", got, id)
	}
}

func TestOneImageAndOneDayAreTheLeast(t *testing.T) {
	synth(t, registry.Props{Name: "a", KeepImages: 1, UntaggedDays: 1})
	for want, props := range map[string]registry.Props{
		`registry: Props.Name, KeepImages and UntaggedDays must be given, got "", 1 and 1`:  {KeepImages: 1, UntaggedDays: 1},
		`registry: Props.Name, KeepImages and UntaggedDays must be given, got "a", 0 and 1`: {Name: "a", UntaggedDays: 1},
		`registry: Props.Name, KeepImages and UntaggedDays must be given, got "a", 1 and 0`: {Name: "a", KeepImages: 1},
	} {
		message := cdktest.MustPanic(t, func() { synth(t, props) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
