package nat

import (
	"cmp"
	_ "embed" // for the boot script
	"strings"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	autoscaling "github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	ssm "github.com/aws/aws-cdk-go/awscdk/v2/awsssm"

	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/nag"
	"github.com/fintrack/platform/internal/ptr"
)

// bootScript begins with a line of its own for the interpreter, so that linters
// know what it is.
//
//go:embed boot.sh
var bootScript string

const interpreter = "#!/bin/bash\n"

// hook is the name of the pause in which a new machine proves that it forwards.
const hook = "forwarding"

// defaultVolumeGiB is the size of Amazon Linux 2023's image.
const defaultVolumeGiB = 8

// imageArchitectures are the names that Amazon Linux' public parameters use.
var imageArchitectures = map[string]string{"arm64": "arm64", "amd64": "x86_64"}

// creditsPerHour is what a burstable size of T3, T3a and T4g earns (EC2 user
// guide, "CPU credits and baseline utilization for burstable performance
// instances").
var creditsPerHour = map[string]float64{
	"nano": 6, "micro": 12, "small": 24, "medium": 24, "large": 36, "xlarge": 96, "2xlarge": 192,
}

func (m Machine) withDefaults() Machine {
	m.InstanceType = cmp.Or(m.InstanceType, "t4g.micro")
	m.Architecture = cmp.Or(m.Architecture, "arm64")
	m.VolumeGiB = cmp.Or(m.VolumeGiB, defaultVolumeGiB)
	m.Image = cmp.Or(m.Image, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"+imageArchitectures[m.Architecture])
	m.MetricNamespace = cmp.Or(m.MetricNamespace, "NAT")
	if len(m.ProbeTargets) == 0 {
		// Of two services, so that one that is down is no lost machine.
		m.ProbeTargets = []string{"checkip.amazonaws.com:443", "aws.amazon.com:443"}
	}
	return m
}

// family cuts the instance type into family and size.
func (m Machine) family() (family, size string) {
	family, size, _ = strings.Cut(m.InstanceType, ".")
	return family, size
}

// burstable says whether the type lives on CPU credits.
func (m Machine) burstable() bool {
	family, _ := m.family()
	return family == "t3" || family == "t3a" || family == "t4g"
}

// addInstance makes the machine and what outlives it.
func (n *NAT) addInstance(props Props) {
	security := n.securityGroup(props)
	n.inside = ec2.NewCfnNetworkInterface(n.Construct, jsii.String("Interface"), &ec2.CfnNetworkInterfaceProps{
		SubnetId:        props.Subnets[0].Ref(),
		GroupSet:        &[]any{security.AttrGroupId()},
		SourceDestCheck: false, // it forwards packets that are not its own
		Description:     jsii.String("The private subnets' way out, on whichever machine is the NAT"),
		Tags:            nameTag(props.Name),
	})
	n.group = n.autoScalingGroup(props)
	// The machine signals to the group, so the group's name comes first.
	template := n.launchTemplate(props, security)
	n.group.SetLaunchTemplate(&autoscaling.CfnAutoScalingGroup_LaunchTemplateSpecificationProperty{
		LaunchTemplateId: template.Ref(),
		// By number, so that a changed template makes a new machine.
		Version: template.AttrLatestVersionNumber(),
	})
}

// autoScalingGroup keeps one machine running. A machine counts only when it has
// said that it forwards; one that does not is replaced.
func (n *NAT) autoScalingGroup(props Props) autoscaling.CfnAutoScalingGroup {
	group := autoscaling.NewCfnAutoScalingGroup(n.Construct, jsii.String("Group"), &autoscaling.CfnAutoScalingGroupProps{
		// The machine's role and the alarms need to know it.
		AutoScalingGroupName: jsii.String(props.Name),
		// One machine. The second place is for the successor while an update
		// rolls: the old one forwards until the new one has proven that it can.
		MinSize:                jsii.String("1"),
		MaxSize:                jsii.String("2"),
		DesiredCapacity:        jsii.String("1"),
		VpcZoneIdentifier:      &[]any{props.Subnets[0].Ref()}, // where the interface is
		HealthCheckType:        jsii.String("EC2"),
		HealthCheckGracePeriod: jsii.Number(60),
		TerminationPolicies:    jsii.Strings("OldestInstance"),
		LifecycleHookSpecificationList: []any{&autoscaling.CfnAutoScalingGroup_LifecycleHookSpecificationProperty{
			LifecycleHookName:   jsii.String(hook),
			LifecycleTransition: jsii.String("autoscaling:EC2_INSTANCE_LAUNCHING"),
			HeartbeatTimeout:    jsii.Number(300), // to boot and to prove it
			DefaultResult:       jsii.String("ABANDON"),
		}},
		// Free, and history shows when there was no machine, or two.
		MetricsCollection: []any{&autoscaling.CfnAutoScalingGroup_MetricsCollectionProperty{
			Granularity: jsii.String("1Minute"),
			Metrics:     jsii.Strings("GroupInServiceInstances", "GroupTotalInstances"),
		}},
		Tags: &[]*autoscaling.CfnAutoScalingGroup_TagPropertyProperty{
			{Key: jsii.String("Name"), Value: jsii.String(props.Name), PropagateAtLaunch: true},
		},
	})
	group.Node().AddDependency(props.InternetAccess)
	if props.AlarmTopic != nil {
		group.SetNotificationConfigurations([]any{&autoscaling.CfnAutoScalingGroup_NotificationConfigurationProperty{
			TopicArn: props.AlarmTopic.Ref(),
			NotificationTypes: jsii.Strings(
				"autoscaling:EC2_INSTANCE_LAUNCH",
				"autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
				"autoscaling:EC2_INSTANCE_TERMINATE",
				"autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
			),
		}})
	} else {
		nag.Accept(group, nag.Acceptance{
			Rule:   "AwsSolutions-AS3",
			Reason: "There is no alarm topic that could be notified; the group's history in Auto Scaling tells the same.",
		})
	}
	// Twice the hook's time: a machine that dies without a word gets a successor
	// before the deployment gives up.
	const patience = "PT10M"
	group.CfnOptions().SetCreationPolicy(&cdk.CfnCreationPolicy{
		ResourceSignal: &cdk.CfnResourceSignal{Count: jsii.Number(1), Timeout: jsii.String(patience)},
	})
	group.CfnOptions().SetUpdatePolicy(&cdk.CfnUpdatePolicy{
		AutoScalingRollingUpdate: &cdk.CfnAutoScalingRollingUpdate{
			MinInstancesInService: jsii.Number(1),
			MaxBatchSize:          jsii.Number(1),
			PauseTime:             jsii.String(patience),
			WaitOnResourceSignals: jsii.Bool(true),
			// Nobody else launches or terminates while the update counts machines.
			SuspendProcesses: jsii.Strings("HealthCheck", "ReplaceUnhealthy", "AZRebalance", "AlarmNotification", "ScheduledActions"),
		},
	})
	return group
}

// launchTemplate holds what does not belong to one particular machine. It asks
// for no detailed monitoring, which is 2.10 USD a month for numbers that the
// machine publishes itself.
func (n *NAT) launchTemplate(props Props, security ec2.CfnSecurityGroup) ec2.CfnLaunchTemplate {
	data := &ec2.CfnLaunchTemplate_LaunchTemplateDataProperty{
		ImageId:      n.image(props),
		InstanceType: jsii.String(props.Machine.InstanceType),
		IamInstanceProfile: &ec2.CfnLaunchTemplate_IamInstanceProfileProperty{
			Arn: n.instanceProfile(props).AttrArn(),
		},
		NetworkInterfaces: []any{&ec2.CfnLaunchTemplate_NetworkInterfaceProperty{
			DeviceIndex: jsii.Number(0),
			// The way to EC2's API until the machine has the Elastic IP, which
			// releases this address.
			AssociatePublicIpAddress: true,
			Groups:                   &[]*string{security.AttrGroupId()},
			DeleteOnTermination:      true,
		}},
		MetadataOptions: &ec2.CfnLaunchTemplate_MetadataOptionsProperty{
			HttpEndpoint:            jsii.String("enabled"),
			HttpTokens:              jsii.String("required"),
			HttpPutResponseHopLimit: jsii.Number(1), // forwarded packets must not reach the metadata
		},
		BlockDeviceMappings: []any{&ec2.CfnLaunchTemplate_BlockDeviceMappingProperty{
			DeviceName: jsii.String("/dev/xvda"),
			Ebs: &ec2.CfnLaunchTemplate_EbsProperty{
				Encrypted:           true,
				VolumeSize:          jsii.Number(props.Machine.VolumeGiB),
				VolumeType:          jsii.String("gp3"),
				DeleteOnTermination: true,
			},
		}},
		// By the Name of machine and interface the role knows its own kind.
		TagSpecifications: []any{
			tagSpecification("instance", props),
			tagSpecification("volume", props),
			tagSpecification("network-interface", props),
		},
		UserData: n.userData(props),
	}
	if props.Machine.burstable() {
		// Beyond its credits it costs cents an hour; a NAT at a tenth of its speed
		// costs more. The alarm cpu-credits tells of it.
		data.CreditSpecification = &ec2.CfnLaunchTemplate_CreditSpecificationProperty{CpuCredits: jsii.String("unlimited")}
	}
	return ec2.NewCfnLaunchTemplate(n.Construct, jsii.String("LaunchTemplate"), &ec2.CfnLaunchTemplateProps{LaunchTemplateData: data})
}

func tagSpecification(resourceType string, props Props) *ec2.CfnLaunchTemplate_TagSpecificationProperty {
	tags := *nameTag(props.Name)
	for _, key := range ptr.SortedKeys(props.Tags) {
		tags = append(tags, &cdk.CfnTag{Key: jsii.String(key), Value: jsii.String(props.Tags[key])})
	}
	return &ec2.CfnLaunchTemplate_TagSpecificationProperty{ResourceType: jsii.String(resourceType), Tags: &tags}
}

// image names the machine image by a parameter of ours that EC2 looks up when a
// machine is launched. Unless it is given an image, the parameter takes its value
// from another one when CloudFormation makes or updates it. The launch template
// holds only its name, so that no deployment replaces a running machine because
// Amazon has published an image.
func (n *NAT) image(props Props) *string {
	value := props.Machine.Image
	if !strings.HasPrefix(value, "ami-") {
		value = "{{resolve:ssm:" + value + "}}"
	}
	parameter := ssm.NewCfnParameter(n.Construct, jsii.String("Image"), &ssm.CfnParameterProps{
		Type:        jsii.String("String"),
		DataType:    jsii.String("aws:ec2:image"),
		Value:       jsii.String(value),
		Description: jsii.String("Image of the next NAT instance"),
	})
	if name := props.Machine.ImageParameter; name != "" {
		parameter.SetName(jsii.String(name))
	}
	return cdk.Fn_Sub(jsii.String("resolve:ssm:${Parameter}"), &map[string]*string{"Parameter": parameter.Ref()})
}

// userData is the boot script below its settings. The script is full of the
// shell's own ${…}, so it is put together here and not by Fn::Sub.
func (n *NAT) userData(props Props) *string {
	var text strings.Builder
	text.WriteString(interpreter)
	for _, setting := range [][2]string{
		{"NAT_NAME", props.Name},
		{"NAT_REGION", *cdk.Aws_REGION()},
		{"NAT_INTERFACE", *n.inside.Ref()},
		{"NAT_ALLOCATION", *n.addresses[0].AttrAllocationId()},
		{"NAT_ADDRESS", *n.addresses[0].AttrPublicIp()},
		{"NAT_CLIENTS", strings.Join(props.ClientCIDRs, " ")},
		{"NAT_GROUP", props.Name},
		{"NAT_HOOK", hook},
		{"NAT_STACK", *cdk.Aws_STACK_ID()},
		{"NAT_RESOURCE", *n.group.LogicalId()},
		{"NAT_NAMESPACE", props.Machine.MetricNamespace},
		{"NAT_PROBES", strings.Join(props.Machine.ProbeTargets, " ")},
		// The script only logs it: another image is another template, and that
		// another machine.
		{"NAT_IMAGE", props.Machine.Image},
	} {
		text.WriteString(setting[0] + "='" + strings.ReplaceAll(setting[1], "'", `'\''`) + "'\n")
	}
	text.WriteString(strings.TrimPrefix(bootScript, interpreter))
	return cdk.Fn_Base64(jsii.String(text.String()))
}

func (n *NAT) instanceProfile(props Props) iam.CfnInstanceProfile {
	role := iam.NewCfnRole(n.Construct, jsii.String("Role"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.Name),
		Description:              jsii.String("NAT instance: its interface and address, and Session Manager in place of SSH"),
		AssumeRolePolicyDocument: policy.TrustEC2(),
		ManagedPolicyArns:        &[]any{policy.Managed("AmazonSSMManagedInstanceCore")},
		Policies: []any{&iam.CfnRole_PolicyProperty{
			PolicyName: jsii.String("be-the-nat"),
			PolicyDocument: policy.Document(policy.NATInstance, map[string]string{
				"Interface":  *n.inside.Ref(),
				"Allocation": *n.addresses[0].AttrAllocationId(),
				"Name":       props.Name,
				"Namespace":  props.Machine.MetricNamespace,
			}),
		}},
	})
	wildcard := func(resource, reason string) nag.Acceptance {
		return nag.Acceptance{Rule: "AwsSolutions-IAM5", Finding: "Resource::" + resource, Reason: reason}
	}
	const own = "<AWS::Region>:<AWS::AccountId>:"
	nag.Accept(role,
		nag.Acceptance{
			Rule:   "AwsSolutions-IAM4",
			Reason: "AmazonSSMManagedInstanceCore is what Session Manager needs and changes with it.",
		},
		wildcard("*", "EC2 describes interfaces and CloudWatch takes measurements without a resource; conditions bind them to the region and to the NAT's namespace."),
		wildcard("arn:<AWS::Partition>:ec2:"+own+"instance/*", "Machines come and go, so their ids are not known; the tag Name binds the statement to those of this NAT."),
		wildcard("arn:<AWS::Partition>:ec2:"+own+"network-interface/*", "The interfaces of machines come and go with them; the tag Name binds the statement to those of this NAT."),
		wildcard("arn:<AWS::Partition>:autoscaling:"+own+"autoScalingGroup:*:autoScalingGroupName/"+props.Name, "The wildcard is the id that Auto Scaling gives the group; its name, which is unique, is written out."),
	)
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
		Tags: nameTag(props.Name),
	})
}
