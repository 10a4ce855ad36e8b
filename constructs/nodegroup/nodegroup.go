// Package nodegroup makes a managed node group of an EKS cluster: launch
// template with IMDSv2 and encrypted disk, role with Session Manager in place
// of SSH, node repair.
package nodegroup

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	eks "github.com/aws/aws-cdk-go/awscdk/v2/awseksv2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/fintrack/platform/constructs/cluster"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/nag"
	"github.com/fintrack/platform/internal/ptr"
)

// Props configure a node group.
type Props struct {
	// Name is the Name tag of the instances and their volumes.
	Name string
	// Cluster is the cluster that the nodes join.
	Cluster *cluster.Cluster
	// SubnetIDs are where the nodes stand.
	SubnetIDs []*string
	// Role is the name of the nodes' role.
	Role string
	// InstanceTypes are EC2 types of the architecture below.
	InstanceTypes []string
	// Architecture is "amd64" or "arm64".
	Architecture string
	// CapacityType is "SPOT" or "ON_DEMAND".
	CapacityType string
	// Min, Desired and Max are numbers of nodes.
	Min, Desired, Max int
	// VolumeGiB is the size of each root volume.
	VolumeGiB int
	// InstanceTags are put on instances and volumes, which do not inherit the
	// stack's tags. None by default.
	InstanceTags map[string]string
}

// NodeGroup is the handle of a node group.
type NodeGroup struct {
	constructs.Construct
	resource eks.CfnNodegroup
}

// Resource is the node group itself.
func (n *NodeGroup) Resource() eks.CfnNodegroup { return n.resource }

// amiTypes are EKS' images of Amazon Linux 2023; Amazon Linux 2 has ended.
var amiTypes = map[string]string{
	"amd64": "AL2023_x86_64_STANDARD",
	"arm64": "AL2023_ARM_64_STANDARD",
}

// New makes a node group.
func New(scope constructs.Construct, id string, props Props) *NodeGroup {
	amiType, ok := amiTypes[props.Architecture]
	if !ok {
		panic(fmt.Sprintf("nodegroup: Props.Architecture must be \"amd64\" or \"arm64\", got %q", props.Architecture))
	}
	if len(props.InstanceTypes) == 0 {
		panic("nodegroup: Props.InstanceTypes must hold at least one type, got none")
	}
	if props.Cluster == nil {
		panic("nodegroup: Props.Cluster must be given, got none")
	}
	n := &NodeGroup{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	subnets := make([]any, len(props.SubnetIDs))
	for i, subnet := range props.SubnetIDs {
		subnets[i] = subnet
	}
	template := n.launchTemplate(props)
	n.resource = eks.NewCfnNodegroup(n.Construct, jsii.String("NodeGroup"), &eks.CfnNodegroupProps{
		// No NodegroupName: another instance type or capacity type replaces the
		// node group, which CloudFormation can do only while it names it itself.
		ClusterName:   props.Cluster.Resource().Ref(),
		NodeRole:      n.role(props).AttrArn(),
		Subnets:       &subnets,
		AmiType:       jsii.String(amiType),
		CapacityType:  jsii.String(props.CapacityType),
		InstanceTypes: jsii.Strings(props.InstanceTypes...),
		ScalingConfig: &eks.CfnNodegroup_ScalingConfigProperty{
			MinSize:     jsii.Number(props.Min),
			DesiredSize: jsii.Number(props.Desired),
			MaxSize:     jsii.Number(props.Max),
		},
		LaunchTemplate: &eks.CfnNodegroup_LaunchTemplateSpecificationProperty{
			Id:      template.Ref(),
			Version: template.AttrLatestVersionNumber(),
		},
		UpdateConfig:     &eks.CfnNodegroup_UpdateConfigProperty{MaxUnavailable: jsii.Number(1)},
		NodeRepairConfig: &eks.CfnNodegroup_NodeRepairConfigProperty{Enabled: true},
	})
	return n
}

// launchTemplate holds what a node group cannot say itself. It names no image,
// so that EKS chooses and patches it, and no security group, so that the nodes
// get the cluster's.
func (n *NodeGroup) launchTemplate(props Props) ec2.CfnLaunchTemplate {
	return ec2.NewCfnLaunchTemplate(n.Construct, jsii.String("LaunchTemplate"), &ec2.CfnLaunchTemplateProps{
		LaunchTemplateData: &ec2.CfnLaunchTemplate_LaunchTemplateDataProperty{
			MetadataOptions: &ec2.CfnLaunchTemplate_MetadataOptionsProperty{
				HttpTokens: jsii.String("required"),
				// One hop ends at the node: pods cannot take its credentials.
				HttpPutResponseHopLimit: jsii.Number(1),
			},
			BlockDeviceMappings: []any{&ec2.CfnLaunchTemplate_BlockDeviceMappingProperty{
				DeviceName: jsii.String("/dev/xvda"),
				Ebs: &ec2.CfnLaunchTemplate_EbsProperty{
					Encrypted:           true,
					VolumeSize:          jsii.Number(props.VolumeGiB),
					VolumeType:          jsii.String("gp3"),
					DeleteOnTermination: true,
				},
			}},
			TagSpecifications: []any{
				tagSpecification("instance", props),
				tagSpecification("volume", props),
			},
		},
	})
}

func tagSpecification(resourceType string, props Props) *ec2.CfnLaunchTemplate_TagSpecificationProperty {
	tags := []*cdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(props.Name)}}
	for _, key := range ptr.SortedKeys(props.InstanceTags) {
		tags = append(tags, &cdk.CfnTag{Key: jsii.String(key), Value: jsii.String(props.InstanceTags[key])})
	}
	return &ec2.CfnLaunchTemplate_TagSpecificationProperty{ResourceType: jsii.String(resourceType), Tags: &tags}
}

// role is what every node holds. Pods have roles of their own, the pod network
// included, so AmazonEKS_CNI_Policy is not among them.
func (n *NodeGroup) role(props Props) iam.CfnRole {
	role := iam.NewCfnRole(n.Construct, jsii.String("Role"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.Role),
		Description:              jsii.String("Nodes of the cluster " + props.Cluster.Name()),
		AssumeRolePolicyDocument: policy.TrustEC2(),
		ManagedPolicyArns: &[]any{
			policy.Managed("AmazonEKSWorkerNodePolicy"),
			policy.Managed("AmazonEC2ContainerRegistryPullOnly"),
			policy.Managed("AmazonSSMManagedInstanceCore"),
		},
	})
	nag.Accept(role, nag.Acceptance{
		Rule:   "AwsSolutions-IAM4",
		Reason: "The three policies that EKS documents for nodes: join the cluster, pull images, Session Manager in place of SSH. They follow EKS' releases.",
	})
	return role
}
