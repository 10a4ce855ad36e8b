package addon_test

import (
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/addon"
	"github.com/fintrack/platform/constructs/cluster/clustertest"
	"github.com/fintrack/platform/constructs/workloadrole"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// synth makes an add-on in a cluster. The change sees the defaults; it is
// called within the stack, so it may make a role for the cluster.
func synth(t *testing.T, change func(cdk.Stack, *addon.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		props := addon.Props{
			Name:    "vpc-cni",
			Cluster: clustertest.New(stack),
		}
		if change != nil {
			change(stack, &props)
		}
		a := addon.New(stack, "VpcCni", props)
		cdk.NewCfnOutput(stack, jsii.String("Resource"), &cdk.CfnOutputProps{Value: a.Resource().Ref()})
	})
}

func TestAddonBelongsToTheClusterAndGitIsRight(t *testing.T) {
	template := synth(t, nil)
	a := template.Only(t, "AWS::EKS::Addon")
	a.Want(t, "AddonName", "vpc-cni")
	a.Want(t, "ClusterName.Ref", template.Only(t, "AWS::EKS::Cluster").LogicalID)
	a.Want(t, "ResolveConflicts", "OVERWRITE")
	// Removing the add-on from Git removes it from the cluster.
	a.Want(t, "PreserveOnDelete", nil)
	if got := cdktest.At(template.Outputs["Resource"].Value, "Ref"); got != a.LogicalID {
		t.Errorf("Resource refers to %v, want the add-on %s", got, a.LogicalID)
	}
}

func TestVersionConfigurationAndRoleAreEKSChoiceByDefault(t *testing.T) {
	a := synth(t, nil).Only(t, "AWS::EKS::Addon")
	for _, property := range []string{"AddonVersion", "ConfigurationValues", "ServiceAccountRoleArn", "PodIdentityAssociations"} {
		a.Want(t, property, nil)
	}
}

func TestVersionIsAnOption(t *testing.T) {
	synth(t, func(_ cdk.Stack, p *addon.Props) { p.Version = "v1.20.4-eksbuild.2" }).
		Only(t, "AWS::EKS::Addon").Want(t, "AddonVersion", "v1.20.4-eksbuild.2")
}

func TestConfigurationIsTheSameJSONAtEverySynth(t *testing.T) {
	for range 5 { // the order of a Go map differs from run to run
		synth(t, func(_ cdk.Stack, p *addon.Props) {
			p.Configuration = map[string]any{
				"replicaCount":        2,
				"enableNetworkPolicy": "true",
				"env":                 map[string]any{"WARM_IP_TARGET": "2", "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG"},
				"tolerations":         []any{},
			}
		}).Only(t, "AWS::EKS::Addon").Want(t, "ConfigurationValues",
			`{"enableNetworkPolicy":"true","env":{"AWS_VPC_K8S_CNI_LOGLEVEL":"DEBUG","WARM_IP_TARGET":"2"},"replicaCount":2,"tolerations":[]}`)
	}
}

func TestRoleIsAssumedByTheAddonsServiceAccount(t *testing.T) {
	template := synth(t, func(stack cdk.Stack, p *addon.Props) {
		p.Role = workloadrole.New(stack, "Role", workloadrole.Props{
			Name:        "shop-vpc-cni",
			Description: "Pods of aws-node",
			Cluster:     p.Cluster,
			Subject:     "system:serviceaccount:kube-system:aws-node",
			Audience:    "sts.amazonaws.com",
		})
	})
	template.Only(t, "AWS::EKS::Addon").Want(t, "ServiceAccountRoleArn", map[string]any{
		"Fn::GetAtt": []any{template.Where(t, "AWS::IAM::Role", "RoleName", "shop-vpc-cni").LogicalID, "Arn"},
	})
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(cdk.Stack, *addon.Props){
		`addon: Props.Name and Cluster must be given, got ""`:        func(_ cdk.Stack, p *addon.Props) { p.Name = "" },
		`addon: Props.Name and Cluster must be given, got "vpc-cni"`: func(_ cdk.Stack, p *addon.Props) { p.Cluster = nil },
		`addon: Props.Configuration of vpc-cni must be JSON: json: unsupported type: func()`: func(_ cdk.Stack, p *addon.Props) {
			p.Configuration = map[string]any{"hook": func() {}}
		},
	} {
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
