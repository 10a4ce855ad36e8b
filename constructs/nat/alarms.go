package nat

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cloudwatch "github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
)

// alarm is what tells one alarm from another.
type alarm struct {
	// id names it within the NAT, description says what it means and what to do.
	id, description string
	// namespace, metric and statistic are what it looks at, for one value of a
	// dimension.
	namespace, metric, statistic string
	dimension                    string
	value                        *string
	// comparison and threshold are when it looks bad: in every one of periods,
	// each of that many seconds.
	comparison string
	threshold  float64
	seconds    float64
	periods    float64
	// missing is what a period without a value counts as; "notBreaching" by
	// default.
	missing string
}

// CloudWatch's comparisons.
const (
	over    = "GreaterThanThreshold"
	atLeast = "GreaterThanOrEqualToThreshold"
	under   = "LessThanThreshold"
)

// addAlarm makes an alarm. Its name is the prefix and its id.
func (n *NAT) addAlarm(scope constructs.Construct, prefix string, a alarm, props Props) {
	missing := a.missing
	if missing == "" {
		missing = "notBreaching"
	}
	var actions *[]any
	if props.AlarmTopic != nil {
		actions = &[]any{props.AlarmTopic.Ref()}
	}
	n.alarms = append(n.alarms, cloudwatch.NewCfnAlarm(scope, jsii.String(a.id), &cloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(prefix + "-" + a.id),
		AlarmDescription:   jsii.String(a.description),
		Namespace:          jsii.String(a.namespace),
		MetricName:         jsii.String(a.metric),
		Statistic:          jsii.String(a.statistic),
		Dimensions:         []any{&cloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(a.dimension), Value: a.value}},
		ComparisonOperator: jsii.String(a.comparison),
		Threshold:          jsii.Number(a.threshold),
		Period:             jsii.Number(a.seconds),
		EvaluationPeriods:  jsii.Number(a.periods),
		DatapointsToAlarm:  jsii.Number(a.periods),
		TreatMissingData:   jsii.String(missing),
		AlarmActions:       actions,
		OkActions:          actions,
	}))
}

// addInstanceAlarms watches what the machine measures each minute. A machine that
// measures nothing is one that does not forward, and one alarm for that is enough.
func (n *NAT) addInstanceAlarms(props Props) {
	own := func(id, description, metric, statistic, comparison string, threshold, seconds, periods float64) alarm {
		return alarm{
			id: id, description: description,
			namespace: props.Machine.MetricNamespace, metric: metric, statistic: statistic,
			dimension: "NAT", value: jsii.String(props.Name),
			comparison: comparison, threshold: threshold, seconds: seconds, periods: periods,
		}
	}
	forwarding := own("no-forwarding",
		"There has been no healthy NAT for three minutes: the private subnets have no way out, and unless Auto Scaling is replacing the machine already, follow docs/runbooks/nat-instance-lost.md.",
		"Forwarding", "Minimum", under, 1, 60, 3)
	forwarding.missing = "breaching"
	alarms := []alarm{
		forwarding,
		own("probe-loss",
			"A tenth of the NAT's test connections has failed for five minutes: look at AWS Health and at the probe targets, and terminate the machine if both are well, so that another one comes.",
			"ProbeLoss", "Average", atLeast, 10, 60, 5),
		own("conntrack-use",
			"The NAT's kernel has used four fifths of its table of connections for five minutes: find the client that opens so many, or choose an instance type with more memory.",
			"ConntrackUse", "Maximum", atLeast, 80, 60, 5),
		own("conntrack-refused",
			"EC2 has refused connections because the instance type tracks no more of them: choose a larger type for the NAT, or a managed gateway.",
			"ConntrackRefused", "Sum", over, 0, 300, 1),
		// A burst of microseconds refuses a few packets on a healthy machine, too;
		// a quarter of an hour of it means that the type is too small.
		own("bandwidth",
			"EC2 has refused packets for fifteen minutes because the NAT sends more than its instance type may: choose a larger type, or a managed gateway.",
			"BandwidthRefused", "Sum", atLeast, 1000, 300, 3),
	}
	if _, size := props.Machine.family(); props.Machine.burstable() {
		alarms = append(alarms, alarm{
			id:          "cpu-credits",
			description: "The NAT has borrowed six hours of CPU credits and is about to cost more than its price: find what keeps it busy, or choose a larger instance type.",
			namespace:   "AWS/EC2", metric: "CPUSurplusCreditBalance", statistic: "Maximum",
			dimension: "AutoScalingGroupName", value: n.group.Ref(),
			// What is borrowed is billed when it exceeds the earnings of 24 hours;
			// six leave time to act. A t4g.micro earns 12 an hour: 72. The balance
			// of earned credits would tell nothing: an unlimited machine starts with
			// none, and each new one would raise the alarm.
			comparison: atLeast, threshold: 6 * creditsPerHour[size], seconds: 300, periods: 3,
		})
	}
	scope := constructs.NewConstruct(n.Construct, jsii.String("Alarms"))
	for _, a := range alarms {
		n.addAlarm(scope, props.Name, a, props)
	}
}

// addGatewayAlarms watches the two things that a managed gateway leaves to its
// user. The gateway of the main address has the NAT's own name, see addGateways.
func (n *NAT) addGatewayAlarms(props Props) {
	scope := constructs.NewConstruct(n.Construct, jsii.String("Alarms"))
	for i, gateway := range n.gateways {
		prefix, scope := props.Name, scope
		if i > 0 {
			id := gateway.Node().Id()
			prefix, scope = prefix+"-"+*id, constructs.NewConstruct(scope, id)
		}
		for _, a := range []alarm{
			{
				id:          "port-allocation",
				description: "The NAT gateway had no port left for a connection: a client opens more than 55,000 to one destination, so find it, or give the gateway further addresses.",
				metric:      "ErrorPortAllocation", comparison: over, threshold: 0, periods: 1,
			},
			{
				id:          "packets-dropped",
				description: "The NAT gateway has dropped packets for fifteen minutes: look at AWS Health, and open a case with AWS if the zone is well.",
				metric:      "PacketsDropCount", comparison: atLeast, threshold: 1000, periods: 3,
			},
		} {
			a.namespace, a.statistic, a.seconds = "AWS/NATGateway", "Sum", 300
			a.dimension, a.value = "NatGatewayId", gateway.AttrNatGatewayId()
			n.addAlarm(scope, prefix, a, props)
		}
	}
}
