package nodegroup_test

import (
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/cluster/clustertest"
	"github.com/fintrack/platform/constructs/nodegroup"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func synth(t *testing.T, change func(*nodegroup.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		props := nodegroup.Props{
			Name:          "shop-nodes",
			Cluster:       clustertest.New(stack),
			SubnetIDs:     []*string{jsii.String("subnet-a"), jsii.String("subnet-b")},
			Role:          "shop-node-role",
			InstanceTypes: []string{"m7g.large", "m6g.large"},
			Architecture:  "arm64",
			CapacityType:  "SPOT",
			Min:           1,
			Desired:       3,
			Max:           7,
			VolumeGiB:     42,
		}
		if change != nil {
			change(&props)
		}
		n := nodegroup.New(stack, "Nodes", props)
		cdk.NewCfnOutput(stack, jsii.String("Resource"), &cdk.CfnOutputProps{Value: n.Resource().Ref()})
	})
}

func TestNodeGroupHasTheGivenNodesInTheGivenPlaces(t *testing.T) {
	template := synth(t, nil)
	nodes := template.Only(t, "AWS::EKS::Nodegroup")
	nodes.Want(t, "NodegroupName", nil) // a named one could not be replaced
	nodes.Want(t, "ClusterName.Ref", template.Only(t, "AWS::EKS::Cluster").LogicalID)
	nodes.Want(t, "Subnets", []any{"subnet-a", "subnet-b"})
	nodes.Want(t, "InstanceTypes", []any{"m7g.large", "m6g.large"})
	nodes.Want(t, "ScalingConfig", map[string]any{"MinSize": 1.0, "DesiredSize": 3.0, "MaxSize": 7.0})
	if got := cdktest.At(template.Outputs["Resource"].Value, "Ref"); got != nodes.LogicalID {
		t.Errorf("Resource refers to %v, want the node group %s", got, nodes.LogicalID)
	}
}

func TestImageFollowsTheArchitecture(t *testing.T) {
	for architecture, image := range map[string]string{"amd64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"} {
		nodes := synth(t, func(p *nodegroup.Props) { p.Architecture = architecture }).Only(t, "AWS::EKS::Nodegroup")
		nodes.Want(t, "AmiType", image)
	}
}

func TestCapacityTypeIsTheCallers(t *testing.T) {
	for _, capacity := range []string{"SPOT", "ON_DEMAND"} {
		nodes := synth(t, func(p *nodegroup.Props) { p.CapacityType = capacity }).Only(t, "AWS::EKS::Nodegroup")
		nodes.Want(t, "CapacityType", capacity)
	}
}

func TestNodesAreReplacedOneByOneAndRepaired(t *testing.T) {
	nodes := synth(t, nil).Only(t, "AWS::EKS::Nodegroup")
	nodes.Want(t, "UpdateConfig", map[string]any{"MaxUnavailable": 1.0})
	nodes.Want(t, "NodeRepairConfig.Enabled", true)
	nodes.Want(t, "ForceUpdateEnabled", nil) // disruption budgets are respected
}

func TestNobodyReachesANodeButBySessionManager(t *testing.T) {
	template := synth(t, nil)
	nodes := template.Only(t, "AWS::EKS::Nodegroup")
	nodes.Want(t, "RemoteAccess", nil)
	launch := template.Only(t, "AWS::EC2::LaunchTemplate")
	launch.Want(t, "LaunchTemplateData.KeyName", nil)
	if n := len(template.OfType("AWS::EC2::SecurityGroup")); n != 0 {
		t.Errorf("there are %d security groups, want none: nodes get the cluster's", n)
	}
}

func TestEachLaunchTemplateVersionIsRolledOut(t *testing.T) {
	template := synth(t, nil)
	launch := template.Only(t, "AWS::EC2::LaunchTemplate").LogicalID
	template.Only(t, "AWS::EKS::Nodegroup").Want(t, "LaunchTemplate", map[string]any{
		"Id":      map[string]any{"Ref": launch},
		"Version": map[string]any{"Fn::GetAtt": []any{launch, "LatestVersionNumber"}},
	})
}

// EKS refuses a launch template with a subnet or a role, chooses and patches
// the image when none is named, and gives the nodes the cluster's security
// group when there is no other.
func TestLaunchTemplateLeavesTheRestToEKS(t *testing.T) {
	launch := synth(t, nil).Only(t, "AWS::EC2::LaunchTemplate")
	for _, property := range []string{"ImageId", "InstanceType", "SecurityGroupIds", "NetworkInterfaces", "IamInstanceProfile", "InstanceMarketOptions", "UserData"} {
		launch.Want(t, "LaunchTemplateData."+property, nil)
	}
}

func TestPodsCannotTakeTheNodesCredentials(t *testing.T) {
	synth(t, nil).Only(t, "AWS::EC2::LaunchTemplate").Want(t, "LaunchTemplateData.MetadataOptions", map[string]any{
		"HttpTokens":              "required",
		"HttpPutResponseHopLimit": 1.0,
	})
}

func TestDiskIsEncryptedAndOfTheGivenSize(t *testing.T) {
	synth(t, nil).Only(t, "AWS::EC2::LaunchTemplate").Want(t, "LaunchTemplateData.BlockDeviceMappings", []any{map[string]any{
		"DeviceName": "/dev/xvda",
		"Ebs":        map[string]any{"Encrypted": true, "VolumeSize": 42.0, "VolumeType": "gp3", "DeleteOnTermination": true},
	}})
}

func TestInstancesAndVolumesAreTagged(t *testing.T) {
	name := map[string]any{"Key": "Name", "Value": "shop-nodes"}
	for _, c := range []struct {
		tags map[string]string
		want []any
	}{
		{nil, []any{name}},
		{map[string]string{"owner": "team", "environment": "test"}, []any{
			name,
			map[string]any{"Key": "environment", "Value": "test"},
			map[string]any{"Key": "owner", "Value": "team"},
		}},
	} {
		launch := synth(t, func(p *nodegroup.Props) { p.InstanceTags = c.tags }).Only(t, "AWS::EC2::LaunchTemplate")
		launch.Want(t, "LaunchTemplateData.TagSpecifications", []any{
			map[string]any{"ResourceType": "instance", "Tags": c.want},
			map[string]any{"ResourceType": "volume", "Tags": c.want},
		})
	}
}

func TestNodeRoleHoldsWhatNodesNeedAndNotThePodNetwork(t *testing.T) {
	template := synth(t, nil)
	role := template.Where(t, "AWS::IAM::Role", "RoleName", "shop-node-role")
	template.Only(t, "AWS::EKS::Nodegroup").Want(t, "NodeRole", map[string]any{"Fn::GetAtt": []any{role.LogicalID, "Arn"}})
	role.Want(t, "Description", "Nodes of the cluster shop")
	role.Want(t, "AssumeRolePolicyDocument.Statement", []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRole",
		"Principal": map[string]any{"Service": "ec2.amazonaws.com"},
	}})
	role.Want(t, "ManagedPolicyArns", []any{
		map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
		map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"},
		map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"},
	})
	role.Want(t, "Policies", nil)
	rules, _ := cdktest.At(role.Metadata, "cdk_nag.rules_to_suppress").([]any)
	if len(rules) != 1 || cdktest.At(rules[0], "id") != "AwsSolutions-IAM4" || cdktest.At(rules[0], "reason") == "" {
		t.Errorf("accepted is %s, want AwsSolutions-IAM4 alone, with a reason", cdktest.Show(rules))
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*nodegroup.Props){
		`nodegroup: Props.Architecture must be "amd64" or "arm64", got ""`:       func(p *nodegroup.Props) { p.Architecture = "" },
		`nodegroup: Props.Architecture must be "amd64" or "arm64", got "x86_64"`: func(p *nodegroup.Props) { p.Architecture = "x86_64" },
		"nodegroup: Props.InstanceTypes must hold at least one type, got none":   func(p *nodegroup.Props) { p.InstanceTypes = nil },
		"nodegroup: Props.Cluster must be given, got none":                       func(p *nodegroup.Props) { p.Cluster = nil },
	} {
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
