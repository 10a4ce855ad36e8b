package alarmtopic_test

import (
	"reflect"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/alarmtopic"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func synth(t *testing.T, props alarmtopic.Props) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		a := alarmtopic.New(stack, "Alarms", props)
		cdk.NewCfnOutput(stack, jsii.String("Topic"), &cdk.CfnOutputProps{Value: a.Topic().Ref()})
	})
}

func ref(r cdktest.Resource) any { return map[string]any{"Ref": r.LogicalID} }

func TestEveryAddressGetsEveryMessage(t *testing.T) {
	template := synth(t, alarmtopic.Props{Name: "shop-alarms", Emails: []string{"a@example.com", "b@example.com"}})
	topic := template.Only(t, "AWS::SNS::Topic")
	topic.Want(t, "TopicName", "shop-alarms")
	for _, email := range []string{"a@example.com", "b@example.com"} {
		subscription := template.Where(t, "AWS::SNS::Subscription", "Endpoint", email)
		subscription.Want(t, "Protocol", "email")
		subscription.Want(t, "TopicArn", ref(topic))
		subscription.Want(t, "FilterPolicy", nil)
	}
	if n := len(template.OfType("AWS::SNS::Subscription")); n != 2 {
		t.Errorf("there are %d subscriptions, want 2", n)
	}
	if got := template.Outputs["Topic"].Value; !reflect.DeepEqual(got, ref(topic)) {
		t.Errorf("the handle's topic is %s", cdktest.Show(got))
	}
}

// Whoever stays has confirmed the subscription, and need not do so again.
func TestSubscriptionsStayWhenAnotherGoes(t *testing.T) {
	id := func(emails ...string) string {
		template := synth(t, alarmtopic.Props{Name: "shop-alarms", Emails: emails})
		return template.Where(t, "AWS::SNS::Subscription", "Endpoint", "b@example.com").LogicalID
	}
	if before, after := id("a@example.com", "b@example.com"), id("b@example.com"); before != after {
		t.Errorf("the subscription was %s and becomes %s", before, after)
	}
}

// Who may publish is tested with the policy, in package policy.
func TestTopicHasThePolicy(t *testing.T) {
	template := synth(t, alarmtopic.Props{Name: "shop-alarms", Emails: []string{"a@example.com"}})
	topic := template.Only(t, "AWS::SNS::Topic")
	policy := template.Only(t, "AWS::SNS::TopicPolicy")
	policy.Want(t, "Topics", []any{ref(topic)})
	for i, sid := range []string{"AlarmsOfThisAccount", "AutoScalingOfThisAccount", "NothingWithoutTLS"} {
		statement := cdktest.At(policy.At("PolicyDocument.Statement"), string(rune('0'+i)))
		if cdktest.At(statement, "Sid") != sid || !reflect.DeepEqual(cdktest.At(statement, "Resource"), ref(topic)) {
			t.Errorf("statement %d is %s, want %s of the topic", i, cdktest.Show(statement), sid)
		}
	}
	// CloudWatch could not publish with AWS' own key, see New.
	topic.Want(t, "KmsMasterKeyId", nil)
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, props := range map[string]alarmtopic.Props{
		`alarmtopic: Props.Name and Emails must be given, got "" and 1 addresses`:            {Emails: []string{"a@example.com"}},
		`alarmtopic: Props.Name and Emails must be given, got "shop-alarms" and 0 addresses`: {Name: "shop-alarms"},
	} {
		if message := cdktest.MustPanic(t, func() { synth(t, props) }); message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
