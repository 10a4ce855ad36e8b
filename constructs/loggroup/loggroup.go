// Package loggroup makes a CloudWatch log group with a retention.
//
// The group outlives its stack: logs are what one looks at after a stack is
// gone.
package loggroup

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	logs "github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// Props configure a log group.
type Props struct {
	// Name is the group's name, "/fintrack/staging/application".
	Name string
	// RetentionDays is one of the values that CloudWatch takes; without it
	// logs would be kept and paid for forever, so it is required.
	RetentionDays int
}

// LogGroup is the handle of a log group.
type LogGroup struct {
	constructs.Construct
	group logs.CfnLogGroup
}

// Resource is the log group itself.
func (l *LogGroup) Resource() logs.CfnLogGroup { return l.group }

// New makes a log group.
func New(scope constructs.Construct, id string, props Props) *LogGroup {
	if props.Name == "" || props.RetentionDays <= 0 {
		panic(fmt.Sprintf("loggroup: Props.Name and Props.RetentionDays must be given, got %q and %d", props.Name, props.RetentionDays))
	}
	l := &LogGroup{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	l.group = logs.NewCfnLogGroup(l.Construct, jsii.String("Group"), &logs.CfnLogGroupProps{
		LogGroupName:    jsii.String(props.Name),
		RetentionInDays: jsii.Number(props.RetentionDays),
	})
	l.group.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
	return l
}
