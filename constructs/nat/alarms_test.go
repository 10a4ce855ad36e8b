package nat_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/internal/cdktest"
)

// sentence describes an alarm: what, when, and what a missing value means.
func sentence(alarm cdktest.Resource) string {
	return fmt.Sprintf("%v of %v/%v %v=%s %v %v in %v of %v × %vs, missing is %v",
		alarm.At("Statistic"), alarm.At("Namespace"), alarm.At("MetricName"),
		alarm.At("Dimensions.0.Name"), cdktest.Show(alarm.At("Dimensions.0.Value")),
		alarm.At("ComparisonOperator"), alarm.At("Threshold"),
		alarm.At("DatapointsToAlarm"), alarm.At("EvaluationPeriods"), alarm.At("Period"), alarm.At("TreatMissingData"))
}

// wantAlarms compares all alarms of a template, by name, with what they should be.
func wantAlarms(t *testing.T, template cdktest.Template, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, alarm := range template.OfType("AWS::CloudWatch::Alarm") {
		name, _ := alarm.At("AlarmName").(string)
		got[name] = sentence(alarm)
		if dimensions, _ := alarm.At("Dimensions").([]any); len(dimensions) != 1 {
			t.Errorf("%s has %d dimensions, want 1: each more is another metric", name, len(dimensions))
		}
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is\n\t%s, want\n\t%s", name, got[name], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("there are %d alarms, want %d: %v", len(got), len(want), got)
	}
}

func TestAlarmsOfTheMachine(t *testing.T) {
	template := synth(t, func(p *nat.Props) { p.Machine.MetricNamespace = "Shop/NAT" })
	group := cdktest.Show(ref(template.Only(t, "AWS::AutoScaling::AutoScalingGroup")))
	wantAlarms(t, template, map[string]string{
		"shop-nat-no-forwarding":     `Minimum of Shop/NAT/Forwarding NAT="shop-nat" LessThanThreshold 1 in 3 of 3 × 60s, missing is breaching`,
		"shop-nat-probe-loss":        `Average of Shop/NAT/ProbeLoss NAT="shop-nat" GreaterThanOrEqualToThreshold 10 in 5 of 5 × 60s, missing is notBreaching`,
		"shop-nat-conntrack-use":     `Maximum of Shop/NAT/ConntrackUse NAT="shop-nat" GreaterThanOrEqualToThreshold 80 in 5 of 5 × 60s, missing is notBreaching`,
		"shop-nat-conntrack-refused": `Sum of Shop/NAT/ConntrackRefused NAT="shop-nat" GreaterThanThreshold 0 in 1 of 1 × 300s, missing is notBreaching`,
		"shop-nat-bandwidth":         `Sum of Shop/NAT/BandwidthRefused NAT="shop-nat" GreaterThanOrEqualToThreshold 1000 in 3 of 3 × 300s, missing is notBreaching`,
		"shop-nat-cpu-credits":       `Maximum of AWS/EC2/CPUSurplusCreditBalance AutoScalingGroupName=` + group + ` GreaterThanOrEqualToThreshold 72 in 3 of 3 × 300s, missing is notBreaching`,
	})
}

// The machine publishes what the alarms look at, under the same names.
func TestAlarmsLookAtWhatTheMachinePublishes(t *testing.T) {
	seen := 0
	for _, alarm := range synth(t, nil).OfType("AWS::CloudWatch::Alarm") {
		if alarm.At("Namespace") != "NAT" {
			continue
		}
		seen++
		if name := fmt.Sprint(alarm.At("MetricName")); !regexp.MustCompile(`\b` + name + `\b`).MatchString(bootScript(t)) {
			t.Errorf("%v looks at %s, which the machine does not publish", alarm.At("AlarmName"), name)
		}
	}
	if seen != 5 {
		t.Errorf("%d alarms look at what the machine publishes, want 5", seen)
	}
}

func TestCreditsAreThoseOfTheSize(t *testing.T) {
	for instanceType, want := range map[string]any{
		"t4g.nano": 36.0, "t3.micro": 72.0, "t3a.small": 144.0, "t4g.medium": 144.0,
		"t4g.large": 216.0, "t3.xlarge": 576.0, "t4g.2xlarge": 1152.0,
		"c7gn.medium": nil, "m7g.large": nil,
	} {
		var got any
		for _, alarm := range synth(t, func(p *nat.Props) { p.Machine.InstanceType = instanceType }).OfType("AWS::CloudWatch::Alarm") {
			if alarm.At("MetricName") == "CPUSurplusCreditBalance" {
				got = alarm.At("Threshold")
			}
		}
		if got != want {
			t.Errorf("%s: the threshold is %v, want %v", instanceType, got, want)
		}
	}
}

func TestAlarmsOfGateways(t *testing.T) {
	describe := func(gateway cdktest.Resource) (ports, drops string) {
		id := cdktest.Show(getAtt(gateway.LogicalID, "NatGatewayId"))
		return `Sum of AWS/NATGateway/ErrorPortAllocation NatGatewayId=` + id + ` GreaterThanThreshold 0 in 1 of 1 × 300s, missing is notBreaching`,
			`Sum of AWS/NATGateway/PacketsDropCount NatGatewayId=` + id + ` GreaterThanOrEqualToThreshold 1000 in 3 of 3 × 300s, missing is notBreaching`
	}
	one := synth(t, in(nat.Gateway))
	ports, drops := describe(one.Only(t, "AWS::EC2::NatGateway"))
	wantAlarms(t, one, map[string]string{"shop-nat-port-allocation": ports, "shop-nat-packets-dropped": drops})

	each := synth(t, in(nat.GatewayPerZone))
	ports, drops = describe(gatewayIn(t, each, "10.1.101.0/24"))
	portsB, dropsB := describe(gatewayIn(t, each, "10.1.102.0/24"))
	wantAlarms(t, each, map[string]string{
		"shop-nat-port-allocation": ports, "shop-nat-packets-dropped": drops,
		"shop-nat-PublicSubnetb-port-allocation": portsB, "shop-nat-PublicSubnetb-packets-dropped": dropsB,
	})
}

func TestAlarmsTellTheTopicAndSayWhatToDo(t *testing.T) {
	for _, mode := range modes {
		template := synth(t, in(mode))
		topic := []any{ref(template.Only(t, "AWS::SNS::Topic"))}
		for _, alarm := range template.OfType("AWS::CloudWatch::Alarm") {
			alarm.Want(t, "AlarmActions", topic)
			alarm.Want(t, "OKActions", topic)
			text, _ := alarm.At("AlarmDescription").(string)
			if strings.Count(text, ".") != strings.Count(text, ".md")+1 || !strings.HasSuffix(text, ".") || len(strings.Fields(text)) < 12 {
				t.Errorf("%v: the description is not one sentence of what it means and what to do: %s", alarm.At("AlarmName"), text)
			}
		}
	}
	lost := synth(t, nil).Where(t, "AWS::CloudWatch::Alarm", "AlarmName", "shop-nat-no-forwarding")
	if text, _ := lost.At("AlarmDescription").(string); !strings.Contains(text, "docs/runbooks/nat-instance-lost.md") {
		t.Errorf("the alarm of a lost machine does not name its runbook: %s", text)
	}
}

func TestAlarmsWithoutATopicHaveNoActions(t *testing.T) {
	for _, mode := range modes {
		template := synth(t, func(p *nat.Props) { p.Mode, p.AlarmTopic = mode, nil })
		alarms := template.OfType("AWS::CloudWatch::Alarm")
		if len(alarms) == 0 {
			t.Errorf("%q: there are no alarms", mode)
		}
		for _, alarm := range alarms {
			alarm.Want(t, "AlarmActions", nil)
			alarm.Want(t, "OKActions", nil)
		}
	}
}
