package network

import (
	"github.com/aws/jsii-runtime-go"

	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/fintrack/platform/constructs/loggroup"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/nag"
)

func (n *Network) addFlowLogs(props Props) {
	group := loggroup.New(n.Construct, "FlowLogGroup", loggroup.Props{
		Name:          props.FlowLogs.LogGroup,
		RetentionDays: props.FlowLogs.RetentionDays,
	})
	role := iam.NewCfnRole(n.Construct, jsii.String("FlowLogRole"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.FlowLogs.Role),
		Description:              jsii.String("VPC flow logs to " + props.FlowLogs.LogGroup),
		AssumeRolePolicyDocument: policy.TrustService("vpc-flow-logs.amazonaws.com"),
		Policies: []any{&iam.CfnRole_PolicyProperty{
			PolicyName:     jsii.String("write-flow-logs"),
			PolicyDocument: policy.Document(policy.FlowLogs, map[string]string{"LogGroup": props.FlowLogs.LogGroup}),
		}},
	})
	nag.Accept(role, nag.Acceptance{
		Rule:    "AwsSolutions-IAM5",
		Finding: "Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:" + props.FlowLogs.LogGroup + ":*",
		Reason:  "The wildcard stands for the log streams of this one group; AWS names them after network interfaces.",
	})
	ec2.NewCfnFlowLog(n.Construct, jsii.String("FlowLog"), &ec2.CfnFlowLogProps{
		ResourceId:               n.vpc.Ref(),
		ResourceType:             jsii.String("VPC"),
		TrafficType:              jsii.String("ALL"),
		LogDestinationType:       jsii.String("cloud-watch-logs"),
		LogGroupName:             group.Resource().Ref(),
		DeliverLogsPermissionArn: role.AttrArn(),
		Tags:                     tags(props.Name, nil),
	})
}
