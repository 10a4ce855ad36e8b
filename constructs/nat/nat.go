// Package nat makes the way out of the private subnets: one NAT instance with
// an address that never changes.
//
//   - Elastic IP, a resource of its own that is retained
//   - instance with source/destination check off, IMDSv2, encrypted disk,
//     reachable by Session Manager and not by SSH
//   - SSM parameter with the image of the next machine
//   - security group: in from the private ranges only, out anywhere
//   - default route in each private route table
//   - boot.sh: forwarding and masquerading, kept up by systemd
package nat

import (
	_ "embed" // for the boot script
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	ssm "github.com/aws/aws-cdk-go/awscdk/v2/awsssm"

	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/nag"
)

//go:embed boot.sh
var bootScript string

// Props configure a NAT.
type Props struct {
	// Name is the Name tag of instance, address and security group, and the
	// name of the instance's role.
	Name string
	// VPC and Subnet say where the instance stands; the subnet must be public.
	VPC    ec2.CfnVPC
	Subnet ec2.CfnSubnet
	// InternetAccess is what the address must wait for, see
	// network.InternetAccess.
	InternetAccess constructs.IDependable
	// RouteTables get a default route through the NAT.
	RouteTables []ec2.CfnRouteTable
	// ClientCIDRs may use the NAT, in any protocol.
	ClientCIDRs []string
	// InstanceType is an EC2 type of the architecture below.
	InstanceType string
	// Architecture is "arm64" or "amd64".
	Architecture string
	// VolumeGiB is the size of the root volume.
	VolumeGiB int
	// ImageParameter is the name of the SSM parameter that is made to hold the
	// image of the next machine.
	ImageParameter string
}

// NAT is the handle of a NAT.
type NAT struct {
	constructs.Construct
	address  ec2.CfnEIP
	instance ec2.CfnInstance
}

// Address is the public IPv4 address that the internet sees.
func (n *NAT) Address() *string { return n.address.AttrPublicIp() }

// ElasticIP is the address as a resource.
func (n *NAT) ElasticIP() ec2.CfnEIP { return n.address }

// Instance is the NAT instance.
func (n *NAT) Instance() ec2.CfnInstance { return n.instance }

// imageArchitectures are the names that Amazon Linux' public parameters use.
var imageArchitectures = map[string]string{"arm64": "arm64", "amd64": "x86_64"}

// New makes a NAT.
func New(scope constructs.Construct, id string, props Props) *NAT {
	if len(props.ClientCIDRs) == 0 || len(props.RouteTables) == 0 {
		panic(fmt.Sprintf("nat: Props.ClientCIDRs and Props.RouteTables must not be empty, got %d and %d", len(props.ClientCIDRs), len(props.RouteTables)))
	}
	if imageArchitectures[props.Architecture] == "" {
		panic(fmt.Sprintf("nat: Props.Architecture must be \"arm64\" or \"amd64\", got %q", props.Architecture))
	}
	if props.VPC == nil || props.Subnet == nil || props.InternetAccess == nil {
		panic(fmt.Sprintf("nat: Props.VPC, Subnet and InternetAccess must be given, got %v, %v and %v", props.VPC != nil, props.Subnet != nil, props.InternetAccess != nil))
	}
	n := &NAT{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	n.addAddress(props)
	n.addInstance(props)
	ec2.NewCfnEIPAssociation(n.Construct, jsii.String("AddressAssociation"), &ec2.CfnEIPAssociationProps{
		AllocationId: n.address.AttrAllocationId(),
		InstanceId:   n.instance.Ref(),
	})
	// Each is named after its table and not its place in the list, so that taking
	// a zone out leaves the others alone: EC2 refuses a second default route.
	routes := constructs.NewConstruct(n.Construct, jsii.String("DefaultRoutes"))
	for _, table := range props.RouteTables {
		ec2.NewCfnRoute(routes, table.Node().Id(), &ec2.CfnRouteProps{
			RouteTableId:         table.Ref(),
			DestinationCidrBlock: jsii.String("0.0.0.0/0"),
			InstanceId:           n.instance.Ref(),
		})
	}
	return n
}

// addAddress makes the Elastic IP. It is on allow-lists outside of AWS (MongoDB
// Atlas), so it is never part of the instance and survives even its stack.
func (n *NAT) addAddress(props Props) {
	n.address = ec2.NewCfnEIP(n.Construct, jsii.String("Address"), &ec2.CfnEIPProps{
		Domain: jsii.String("vpc"),
		Tags:   name(props.Name),
	})
	n.address.Node().AddDependency(props.InternetAccess)
	n.address.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN, nil)
}

func (n *NAT) addInstance(props Props) {
	template := n.launchTemplate(props)
	n.instance = ec2.NewCfnInstance(n.Construct, jsii.String("Instance"), &ec2.CfnInstanceProps{
		LaunchTemplate: &ec2.CfnInstance_LaunchTemplateSpecificationProperty{
			LaunchTemplateId: template.Ref(),
			// By number, so that a changed template makes a new machine.
			Version: template.AttrLatestVersionNumber(),
		},
		SubnetId:         props.Subnet.Ref(),
		SecurityGroupIds: &[]any{n.securityGroup(props).AttrGroupId()},
		SourceDestCheck:  false, // it forwards packets that are not its own
		Monitoring:       true,
		Tags:             name(props.Name),
	})
	nag.Accept(n.instance, nag.Acceptance{
		Rule:   "AwsSolutions-EC29",
		Reason: "The machine holds no state and CloudFormation must be able to replace it; what must survive is the address, which is retained.",
	})
}

// launchTemplate holds what does not belong to one particular machine.
func (n *NAT) launchTemplate(props Props) ec2.CfnLaunchTemplate {
	return ec2.NewCfnLaunchTemplate(n.Construct, jsii.String("LaunchTemplate"), &ec2.CfnLaunchTemplateProps{
		LaunchTemplateData: &ec2.CfnLaunchTemplate_LaunchTemplateDataProperty{
			ImageId:      n.image(props),
			InstanceType: jsii.String(props.InstanceType),
			IamInstanceProfile: &ec2.CfnLaunchTemplate_IamInstanceProfileProperty{
				Arn: n.instanceProfile(props).AttrArn(),
			},
			MetadataOptions: &ec2.CfnLaunchTemplate_MetadataOptionsProperty{
				HttpTokens:              jsii.String("required"),
				HttpPutResponseHopLimit: jsii.Number(1), // forwarded packets must not reach the metadata
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
			UserData: cdk.Fn_Base64(jsii.String(strings.TrimSpace(bootScript) + "\n")),
		},
	})
}

// image names the machine image by a parameter of ours that EC2 looks up when a
// machine is launched. The parameter takes its value from Amazon's public one
// when CloudFormation makes or updates it. The launch template holds only its
// name, so that no deployment replaces a running machine because Amazon has
// published an image.
func (n *NAT) image(props Props) *string {
	parameter := ssm.NewCfnParameter(n.Construct, jsii.String("Image"), &ssm.CfnParameterProps{
		Name:        jsii.String(props.ImageParameter),
		Type:        jsii.String("String"),
		DataType:    jsii.String("aws:ec2:image"),
		Value:       jsii.String("{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-" + imageArchitectures[props.Architecture] + "}}"),
		Description: jsii.String("Image of the next NAT instance"),
	})
	return cdk.Fn_Sub(jsii.String("resolve:ssm:${Parameter}"), &map[string]*string{"Parameter": parameter.Ref()})
}

func (n *NAT) instanceProfile(props Props) iam.CfnInstanceProfile {
	role := iam.NewCfnRole(n.Construct, jsii.String("Role"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.Name),
		Description:              jsii.String("NAT instance: Session Manager in place of SSH"),
		AssumeRolePolicyDocument: policy.TrustEC2(),
		ManagedPolicyArns:        &[]any{policy.Managed("AmazonSSMManagedInstanceCore")},
	})
	nag.Accept(role, nag.Acceptance{
		Rule:   "AwsSolutions-IAM4",
		Reason: "AmazonSSMManagedInstanceCore is what Session Manager needs and changes with it; the instance holds no other right.",
	})
	return iam.NewCfnInstanceProfile(n.Construct, jsii.String("InstanceProfile"), &iam.CfnInstanceProfileProps{
		InstanceProfileName: jsii.String(props.Name),
		Roles:               &[]any{role.Ref()},
	})
}

func (n *NAT) securityGroup(props Props) ec2.CfnSecurityGroup {
	var ingress []any
	for _, cidr := range props.ClientCIDRs {
		ingress = append(ingress, &ec2.CfnSecurityGroup_IngressProperty{
			IpProtocol:  jsii.String("-1"),
			CidrIp:      jsii.String(cidr),
			Description: jsii.String("everything from private subnet " + cidr),
		})
	}
	return ec2.NewCfnSecurityGroup(n.Construct, jsii.String("SecurityGroup"), &ec2.CfnSecurityGroupProps{
		VpcId:                props.VPC.Ref(),
		GroupDescription:     jsii.String("NAT instance: in from the private subnets, out anywhere"),
		SecurityGroupIngress: ingress,
		SecurityGroupEgress: []any{&ec2.CfnSecurityGroup_EgressProperty{
			IpProtocol:  jsii.String("-1"),
			CidrIp:      jsii.String("0.0.0.0/0"),
			Description: jsii.String("everything to anywhere"),
		}},
		Tags: name(props.Name),
	})
}

func name(value string) *[]*cdk.CfnTag {
	return &[]*cdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(value)}}
}
