// Package alarmtopic makes the SNS topic that alarms go to, and by e-mail to
// people.
//
//   - topic, with a policy by which CloudWatch and Auto Scaling of this account
//     publish, by TLS only
//   - one e-mail subscription for each address; it begins when its owner has
//     confirmed it by the link that AWS sends
package alarmtopic

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	sns "github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/fintrack/platform/constructs/policy"
)

// Props configure a topic.
type Props struct {
	// Name is the topic's name.
	Name string
	// Emails are the addresses that get every message; at least one, for an alarm
	// that nobody hears is none.
	Emails []string
}

// AlarmTopic is the handle of a topic.
type AlarmTopic struct {
	constructs.Construct
	topic sns.CfnTopic
}

// Topic is the topic itself.
func (a *AlarmTopic) Topic() sns.CfnTopic { return a.topic }

// New makes a topic.
//
// The topic has no KMS key. What it holds until it is delivered are names of alarms
// and measurements, which leave AWS in plain e-mails anyway. CloudWatch cannot
// publish with AWS' own key for SNS, so it would be a key of ours: a dollar a
// month, and one more policy whose first mistake is that no alarm arrives.
func New(scope constructs.Construct, id string, props Props) *AlarmTopic {
	if props.Name == "" || len(props.Emails) == 0 {
		panic(fmt.Sprintf("alarmtopic: Props.Name and Emails must be given, got %q and %d addresses", props.Name, len(props.Emails)))
	}
	a := &AlarmTopic{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	a.topic = sns.NewCfnTopic(a.Construct, jsii.String("Topic"), &sns.CfnTopicProps{TopicName: jsii.String(props.Name)})
	sns.NewCfnTopicPolicy(a.Construct, jsii.String("Policy"), &sns.CfnTopicPolicyProps{
		Topics:         &[]*string{a.topic.Ref()},
		PolicyDocument: policy.AlarmTopic(a.topic.Ref()),
	})
	// Each is named after its address and not its place in the list: whoever else
	// goes, nobody has to confirm again.
	subscriptions := constructs.NewConstruct(a.Construct, jsii.String("Subscriptions"))
	for _, email := range props.Emails {
		sns.NewCfnSubscription(subscriptions, jsii.String(email), &sns.CfnSubscriptionProps{
			TopicArn: a.topic.Ref(),
			Protocol: jsii.String("email"),
			Endpoint: jsii.String(email),
		})
	}
	return a
}
