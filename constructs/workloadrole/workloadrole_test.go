package workloadrole_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/cluster/clustertest"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/constructs/workloadrole"
	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/internal/nag"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// synth makes a role in a cluster. The change sees the defaults; it is called
// within the stack, so it may make documents and ARNs.
func synth(t *testing.T, change func(*workloadrole.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		props := workloadrole.Props{
			Name:        "shop-web",
			Description: "Pods of shop/web",
			Cluster:     clustertest.New(stack),
			Subject:     "system:serviceaccount:shop:web",
			Audience:    "sts.example.com",
		}
		if change != nil {
			change(&props)
		}
		role := workloadrole.New(stack, "Role", props)
		cdk.NewCfnOutput(stack, jsii.String("Resource"), &cdk.CfnOutputProps{Value: role.Resource().Ref()})
		cdk.NewCfnOutput(stack, jsii.String("Arn"), &cdk.CfnOutputProps{Value: role.ARN()})
	})
}

func web(t *testing.T, template cdktest.Template) cdktest.Resource {
	t.Helper()
	return template.Where(t, "AWS::IAM::Role", "RoleName", "shop-web")
}

func TestTrustIsOneServiceAccountOfTheCluster(t *testing.T) {
	template := synth(t, nil)
	role := web(t, template)

	// Fn::Sub with variables of its own: a text, and what stands for them.
	parts, _ := role.At("AssumeRolePolicyDocument.Fn::Sub").([]any)
	if len(parts) != 2 {
		t.Fatalf("the trust policy is %s, want Fn::Sub of a text and variables", cdktest.Show(role.At("AssumeRolePolicyDocument")))
	}
	text, _ := parts[0].(string)
	c := template.Only(t, "AWS::EKS::Cluster").LogicalID
	want := map[string]any{
		"Provider": map[string]any{"Fn::GetAtt": []any{template.Only(t, "AWS::IAM::OIDCProvider").LogicalID, "Arn"}},
		"Issuer": map[string]any{"Fn::Select": []any{1.0, map[string]any{"Fn::Split": []any{
			"//", map[string]any{"Fn::GetAtt": []any{c, "OpenIdConnectIssuerUrl"}},
		}}}},
	}
	if !reflect.DeepEqual(parts[1], any(want)) {
		t.Errorf("the variables are %s, want %s", cdktest.Show(parts[1]), cdktest.Show(want))
	}

	// What CloudFormation makes of it, at the time of deployment.
	const (
		issuer   = "oidc.eks.eu-north-1.amazonaws.com/id/0123456789ABCDEF"
		provider = "arn:aws:iam::111122223333:oidc-provider/" + issuer
	)
	text = strings.NewReplacer("${Provider}", provider, "${Issuer}", issuer).Replace(text)
	if strings.Contains(text, "${") {
		t.Errorf("the trust policy holds a variable that is not given: %s", text)
	}
	var got any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("the trust policy is not JSON: %v\n%s", err, text)
	}
	trust := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRoleWithWebIdentity",
		"Principal": map[string]any{"Federated": provider},
		"Condition": map[string]any{"StringEquals": map[string]any{
			issuer + ":aud": "sts.example.com",
			issuer + ":sub": "system:serviceaccount:shop:web",
		}},
	}}}
	if !reflect.DeepEqual(got, any(trust)) {
		t.Errorf("the trust policy is %s, want %s", cdktest.Show(got), cdktest.Show(trust))
	}
}

func TestTrustIsTheSameTextAtEverySynth(t *testing.T) {
	first := web(t, synth(t, nil)).At("AssumeRolePolicyDocument.Fn::Sub.0")
	for range 3 {
		if again := web(t, synth(t, nil)).At("AssumeRolePolicyDocument.Fn::Sub.0"); again != first {
			t.Fatalf("the text was %v and is now %v", first, again)
		}
	}
}

func TestRoleMayDoNothingByDefault(t *testing.T) {
	role := web(t, synth(t, nil))
	role.Want(t, "Description", "Pods of shop/web")
	role.Want(t, "Policies", nil)
	role.Want(t, "ManagedPolicyArns", nil)
	if accepted := cdktest.At(role.Metadata, "cdk_nag"); accepted != nil {
		t.Errorf("accepted is %s, want nothing", cdktest.Show(accepted))
	}
}

func TestPolicyIsInlineUnderTheRolesName(t *testing.T) {
	role := web(t, synth(t, func(p *workloadrole.Props) {
		p.Policy = policy.Allow(policy.Statement{
			Actions:   []string{"sqs:SendMessage"},
			Resources: []string{"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"},
		})
	}))
	role.Want(t, "Policies", []any{map[string]any{
		"PolicyName": "shop-web",
		"PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect":   "Allow",
			"Action":   []any{"sqs:SendMessage"},
			"Resource": []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"}},
		}}},
	}})
}

func TestManagedPoliciesAreAnOption(t *testing.T) {
	role := web(t, synth(t, func(p *workloadrole.Props) {
		p.ManagedPolicies = []*string{policy.Managed("AmazonEKS_CNI_Policy"), jsii.String("arn:aws:iam::111122223333:policy/own")}
	}))
	role.Want(t, "ManagedPolicyArns", []any{
		map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEKS_CNI_Policy"},
		"arn:aws:iam::111122223333:policy/own",
	})
	role.Want(t, "Policies", nil)
}

func TestAcceptedFindingsStandAtTheRole(t *testing.T) {
	role := web(t, synth(t, func(p *workloadrole.Props) {
		p.Accepted = []nag.Acceptance{
			{Rule: "AwsSolutions-IAM4", Reason: "AWS keeps it in step."},
			{Rule: "AwsSolutions-IAM5", Finding: "Resource::*", Reason: "Describe calls take no resource."},
		}
	}))
	want := []any{
		map[string]any{"id": "AwsSolutions-IAM4", "reason": "AWS keeps it in step."},
		map[string]any{"id": "AwsSolutions-IAM5", "reason": "Describe calls take no resource.", "applies_to": []any{"Resource::*"}},
	}
	if got := cdktest.At(role.Metadata, "cdk_nag.rules_to_suppress"); !reflect.DeepEqual(got, any(want)) {
		t.Errorf("accepted is %s, want %s", cdktest.Show(got), cdktest.Show(want))
	}
}

func TestThereIsNoLambdaBehindTheTrust(t *testing.T) {
	for id, resource := range synth(t, nil).Resources {
		if strings.HasPrefix(resource.Type, "Custom::") || strings.HasPrefix(resource.Type, "AWS::Lambda::") || strings.HasPrefix(resource.Type, "AWS::CloudFormation::") {
			t.Errorf("there is a %s, %s", resource.Type, id)
		}
	}
}

func TestHandleLeadsToTheRole(t *testing.T) {
	template := synth(t, nil)
	id := web(t, template).LogicalID
	if got := cdktest.At(template.Outputs["Resource"].Value, "Ref"); got != id {
		t.Errorf("Resource refers to %v, want %s", got, id)
	}
	if got := cdktest.At(template.Outputs["Arn"].Value, "Fn::GetAtt"); !reflect.DeepEqual(got, any([]any{id, "Arn"})) {
		t.Errorf("ARN is %v, want the Arn of %s", got, id)
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*workloadrole.Props){
		`"", "system:serviceaccount:shop:web", "sts.example.com", true`:          func(p *workloadrole.Props) { p.Name = "" },
		`"shop-web", "", "sts.example.com", true`:                                func(p *workloadrole.Props) { p.Subject = "" },
		`"shop-web", "system:serviceaccount:shop:web", "", true`:                 func(p *workloadrole.Props) { p.Audience = "" },
		`"shop-web", "system:serviceaccount:shop:web", "sts.example.com", false`: func(p *workloadrole.Props) { p.Cluster = nil },
	} {
		want = "workloadrole: Props.Name, Subject, Audience and Cluster must be given, got " + want
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
