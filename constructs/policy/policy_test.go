package policy_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	sns "github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// variables are what each document must be given, and values for them.
var variables = map[string]map[string]string{
	policy.ALBController:   {"ClusterName": "shop-test"},
	policy.ExternalSecrets: {"SecretPrefix": "shop"},
	policy.FluentBit:       {"LogPrefix": "/shop"},
	policy.FlowLogs:        {"LogGroup": "/aws/vpc/shop"},
	policy.NATInstance:     {"Interface": "eni-1", "Allocation": "eipalloc-2", "Name": "shop-nat", "Namespace": "Shop/NAT"},
}

// pseudo are CloudFormation's parameters, with the longest values there are.
var pseudo = strings.NewReplacer("${AWS::Partition}", "aws-us-gov", "${AWS::Region}", "ap-southeast-1", "${AWS::AccountId}", "111122223333",
	"${AWS::StackId}", "arn:aws-us-gov:cloudformation:ap-southeast-1:111122223333:stack/Shop/1b2c")

// statement is a statement as it stands in a file, with lists in place of
// single strings.
type statement struct {
	Sid, Effect        string
	Actions, Resources []string
	Condition          map[string]any
	keys               []string
}

// file reads a document as it stands in its file. What IAM has no use for
// fails the test.
func file(t *testing.T, name string) []statement {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("documents", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Version   string
		Statement []map[string]any
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if document.Version != "2012-10-17" {
		t.Errorf("%s: Version is %q, want 2012-10-17", name, document.Version)
	}
	statements := make([]statement, len(document.Statement))
	for i, s := range document.Statement {
		sid, _ := s["Sid"].(string)
		effect, _ := s["Effect"].(string)
		condition, _ := s["Condition"].(map[string]any)
		statements[i] = statement{
			Sid: sid, Effect: effect, Condition: condition,
			Actions: list(t, s["Action"]), Resources: list(t, s["Resource"]),
			keys: slices.Sorted(maps.Keys(s)),
		}
	}
	return statements
}

func list(t *testing.T, value any) []string {
	t.Helper()
	if one, ok := value.(string); ok {
		return []string{one}
	}
	many, _ := value.([]any)
	if len(many) == 0 {
		t.Errorf("%s must be a text or a list of texts", cdktest.Show(value))
	}
	texts := make([]string, len(many))
	for i, v := range many {
		texts[i], _ = v.(string)
	}
	return texts
}

// deployed returns what CloudFormation makes of a document.
func deployed(t *testing.T, document func() any) any {
	t.Helper()
	template := cdktest.Synth(t, func(stack cdk.Stack) {
		iam.NewCfnManagedPolicy(stack, jsii.String("Policy"), &iam.CfnManagedPolicyProps{PolicyDocument: document()})
	})
	return substituted(t, template.Only(t, "AWS::IAM::ManagedPolicy").At("PolicyDocument"))
}

// substituted does what CloudFormation does: values behind Fn::Sub, no keys.
func substituted(t *testing.T, value any) any {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		if text, ok := v["Fn::Sub"].(string); ok && len(v) == 1 {
			return pseudo.Replace(text)
		}
		out := map[string]any{}
		for key, element := range v {
			out[key] = substituted(t, element)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = substituted(t, element)
		}
		return out
	}
	return value
}

// equal compares a value with JSON.
func equal(t *testing.T, what string, got any, want string) {
	t.Helper()
	var parsed any
	if err := json.Unmarshal([]byte(want), &parsed); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !reflect.DeepEqual(got, parsed) {
		t.Errorf("%s is %s, want %s", what, cdktest.Show(got), cdktest.Show(parsed))
	}
}

func TestEveryDocumentHasANameAndTheOtherWayRound(t *testing.T) {
	files, err := filepath.Glob("documents/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	if want := slices.Sorted(maps.Keys(variables)); !slices.Equal(names, want) {
		t.Errorf("the documents are %v, want %v", names, want)
	}
}

func TestDocumentsOnlyAllowAndNameEveryStatementOnce(t *testing.T) {
	sid := regexp.MustCompile(`^[A-Za-z0-9]+$`) // IAM takes no others
	for name := range variables {
		seen := map[string]bool{}
		for _, s := range file(t, name) {
			if !sid.MatchString(s.Sid) || seen[s.Sid] {
				t.Errorf("%s: the Sid %q is not one of letters and digits, or stands there twice", name, s.Sid)
			}
			seen[s.Sid] = true
			if s.Effect != "Allow" {
				t.Errorf("%s: %s: Effect is %q, want Allow", name, s.Sid, s.Effect)
			}
			// No NotAction, NotResource, Principal; and no misspelt Condition.
			keys := slices.DeleteFunc(s.keys, func(key string) bool { return key == "Condition" })
			if !slices.Equal(keys, []string{"Action", "Effect", "Resource", "Sid"}) {
				t.Errorf("%s: %s has the keys %v", name, s.Sid, s.keys)
			}
		}
	}
}

func TestDocumentsNameEveryActionInFull(t *testing.T) {
	full := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$`)
	for name := range variables {
		for _, s := range file(t, name) {
			for _, action := range s.Actions {
				if !full.MatchString(action) {
					t.Errorf("%s: %s: the action %q is not a service and one of its actions without wildcards", name, s.Sid, action)
				}
			}
			if sorted := slices.Sorted(slices.Values(s.Actions)); !slices.Equal(slices.Compact(sorted), s.Actions) {
				t.Errorf("%s: %s: the actions are not sorted or stand there twice", name, s.Sid)
			}
		}
	}
}

// TestOnlyLookingReachesEveryResource lists the statements on "*". The actions of
// all but two look at things, and most of them take no resource.
func TestOnlyLookingReachesEveryResource(t *testing.T) {
	does := map[string][]string{
		"AttachWebAcls": {"wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"},
		"Measure":       {"cloudwatch:PutMetricData"},
	}
	look := regexp.MustCompile(`^[a-z0-9-]+:(Describe|List|Get)[A-Z]`)
	var wide []string
	for name := range variables {
		for _, s := range file(t, name) {
			if !slices.Contains(s.Resources, "*") {
				continue
			}
			wide = append(wide, s.Sid)
			for _, action := range s.Actions {
				if !slices.Contains(does[s.Sid], action) && !look.MatchString(action) {
					t.Errorf("%s: %s: %s does more than look, and at any resource", name, s.Sid, action)
				}
			}
		}
	}
	slices.Sort(wide)
	want := []string{"AttachWebAcls", "Measure", "SeeCertificates", "SeeGlobalCertificatesAndShield", "SeeTheNetworkAndLoadBalancers", "SeeWhoHoldsTheInterface"}
	if !slices.Equal(wide, want) {
		t.Errorf("the statements on every resource are %v, want %v", wide, want)
	}
}

func TestResourcesAreInTheEnvironmentsPartitionRegionAndAccount(t *testing.T) {
	const regional = `^arn:\$\{AWS::Partition}:(autoscaling|ec2|elasticloadbalancing|logs|secretsmanager):\$\{AWS::Region}:\$\{AWS::AccountId}:`
	const global = `^arn:\$\{AWS::Partition}:iam::\$\{AWS::AccountId}:role/aws-service-role/elasticloadbalancing\.amazonaws\.com/\*$`
	const stack = `^\$\{AWS::StackId}$` // which is an ARN with all three
	arn := regexp.MustCompile(regional + "|" + global + "|" + stack)
	for name := range variables {
		data, err := os.ReadFile(filepath.Join("documents", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "arn:aws") {
			t.Errorf("%s: a partition is written out; it must be ${AWS::Partition}", name)
		}
		for _, s := range file(t, name) {
			for _, resource := range s.Resources {
				if resource != "*" && !arn.MatchString(resource) {
					t.Errorf("%s: %s: the resource %s is not bound to partition, region and account", name, s.Sid, resource)
				}
			}
		}
	}
}

func TestALBControllerIsBoundToTheTagOfItsCluster(t *testing.T) {
	const (
		made     = `{"StringEquals": {"aws:RequestTag/elbv2.k8s.aws/cluster": "${ClusterName}"}}`
		own      = `{"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "${ClusterName}"}}`
		retag    = `{"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "${ClusterName}"}, "Null": {"aws:RequestTag/elbv2.k8s.aws/cluster": "true"}}`
		inRegion = `{"StringEquals": {"aws:RequestedRegion": "${AWS::Region}"}}`
	)
	conditions := map[string]string{
		"MakeTheServiceLinkedRoleOnce":   `{"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}}`,
		"SeeTheNetworkAndLoadBalancers":  inRegion,
		"SeeCertificates":                inRegion,
		"SeeGlobalCertificatesAndShield": `null`, // global services: their region is always us-east-1
		"AttachWebAcls":                  inRegion,
		"MakeSecurityGroups":             `null`, // the VPC has no tag of the controller's
		"TagNewSecurityGroups":           `{"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup", "aws:RequestTag/elbv2.k8s.aws/cluster": "${ClusterName}"}}`,
		"RetagOwnSecurityGroups":         retag,
		"ManageOwnSecurityGroups":        own,
		"LetLoadBalancersReachTheNodes":  `{"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/${ClusterName}": "owned"}}`,
		"MakeLoadBalancers":              made,
		"TagNewLoadBalancers":            `{"StringEquals": {"elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"], "aws:RequestTag/elbv2.k8s.aws/cluster": "${ClusterName}"}}`,
		"RetagOwnLoadBalancers":          retag,
		"ManageOwnLoadBalancers":         own,
		"ManageListeners":                `null`, // listeners carry no tag when the controller changes them
		"AddListenersToOwnLoadBalancers": own,
		"ManageTargets":                  own,
	}
	seen := 0
	for _, s := range file(t, policy.ALBController) {
		want, ok := conditions[s.Sid]
		if !ok {
			t.Errorf("%s is new; decide here what binds it", s.Sid)
			continue
		}
		seen++
		var got any
		if s.Condition != nil {
			got = s.Condition
		}
		equal(t, s.Sid+": the condition", got, want)
	}
	if seen != len(conditions) {
		t.Errorf("%d of the %d statements are there", seen, len(conditions))
	}
}

// TestALBControllerChangesThisAndNothingElse lists what the controller may
// change, and where. A new version of the controller may want more.
func TestALBControllerChangesThisAndNothingElse(t *testing.T) {
	want := map[string][]string{
		"iam role": {"CreateServiceLinkedRole"},
		"ec2 security-group": {
			"AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "CreateTags", "DeleteSecurityGroup", "DeleteTags",
			"RevokeSecurityGroupIngress",
		},
		"ec2 vpc": {"CreateSecurityGroup"},
		// Everything of the account, as load balancers and target groups come in
		// several kinds; the tag is what binds it.
		"elasticloadbalancing *": {
			"CreateLoadBalancer", "CreateTargetGroup", "DeleteLoadBalancer", "DeleteTargetGroup",
			"ModifyCapacityReservation", "ModifyIpPools", "ModifyListenerAttributes", "ModifyLoadBalancerAttributes",
			"ModifyTargetGroup", "ModifyTargetGroupAttributes", "SetIpAddressType", "SetSecurityGroups", "SetSubnets",
		},
		"elasticloadbalancing loadbalancer": {"AddTags", "CreateListener", "RemoveTags", "SetWebAcl"},
		"elasticloadbalancing targetgroup":  {"AddTags", "DeregisterTargets", "RegisterTargets", "RemoveTags"},
		"elasticloadbalancing listener": {
			"AddListenerCertificates", "AddTags", "CreateListener", "CreateRule", "DeleteListener", "DeleteRule",
			"ModifyListener", "ModifyRule", "RemoveListenerCertificates", "RemoveTags", "SetRulePriorities",
		},
	}
	want["elasticloadbalancing listener-rule"] = want["elasticloadbalancing listener"]

	got := map[string][]string{}
	for _, s := range file(t, policy.ALBController) {
		for _, resource := range s.Resources {
			if resource == "*" {
				continue // see TestOnlyLookingReachesEveryResource
			}
			fields := strings.SplitN(pseudo.Replace(resource), ":", 6)
			kind, _, _ := strings.Cut(fields[5], "/")
			for _, action := range s.Actions {
				service, verb, _ := strings.Cut(action, ":")
				if service != fields[2] {
					t.Errorf("%s: %s cannot act on %s", s.Sid, action, resource)
				}
				key := service + " " + kind
				got[key] = append(got[key], verb)
			}
		}
	}
	for key := range got {
		slices.Sort(got[key])
		got[key] = slices.Compact(got[key])
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the controller may change\n%s\nwant\n%s", cdktest.Show(got), cdktest.Show(want))
	}
}

// TestALBControllerSees lists what the controller looks at: without one of
// these it stops at the first Ingress.
func TestALBControllerSees(t *testing.T) {
	want := map[string][]string{
		"SeeTheNetworkAndLoadBalancers": {
			"ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeCoipPools",
			"ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeIpamPools", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags",
			"ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs", "ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc",
			"elasticloadbalancing:DescribeCapacityReservation", "elasticloadbalancing:DescribeListenerAttributes",
			"elasticloadbalancing:DescribeListenerCertificates", "elasticloadbalancing:DescribeListeners",
			"elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
			"elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeSSLPolicies", "elasticloadbalancing:DescribeTags",
			"elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetGroups",
			"elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTrustStores",
		},
		"SeeCertificates":                {"acm:DescribeCertificate", "acm:ListCertificates", "cognito-idp:DescribeUserPoolClient"},
		"SeeGlobalCertificatesAndShield": {"iam:GetServerCertificate", "iam:ListServerCertificates", "shield:DescribeProtection", "shield:GetSubscriptionState"},
		"AttachWebAcls":                  {"wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:ListWebACLs"},
	}
	for _, s := range file(t, policy.ALBController) {
		if actions, ok := want[s.Sid]; ok && !slices.Equal(s.Actions, actions) {
			t.Errorf("%s: the actions are %v, want %v", s.Sid, s.Actions, actions)
		}
	}
}

func TestExternalSecretsReadsBelowThePrefixOnly(t *testing.T) {
	equal(t, "the document", deployed(t, func() any {
		return policy.Document(policy.ExternalSecrets, map[string]string{"SecretPrefix": "shop"})
	}), `{"Version": "2012-10-17", "Statement": [{
		"Sid": "ReadTheWorkloadsSecrets",
		"Effect": "Allow",
		"Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
		"Resource": "arn:aws-us-gov:secretsmanager:ap-southeast-1:111122223333:secret:shop/*"
	}]}`)
}

// The groups and their retention are made by the stack: a program that may
// make groups makes some that are kept, and paid for, forever.
func TestLogWritersMakeStreamsAndNoGroups(t *testing.T) {
	for _, c := range []struct{ name, variable, value, resource string }{
		{policy.FluentBit, "LogPrefix", "/shop", "/shop/*"},
		{policy.FlowLogs, "LogGroup", "/aws/vpc/shop", "/aws/vpc/shop:*"},
	} {
		document := deployed(t, func() any { return policy.Document(c.name, map[string]string{c.variable: c.value}) })
		if n := len(document.(map[string]any)["Statement"].([]any)); n != 1 {
			t.Errorf("%s: there are %d statements, want 1", c.name, n)
		}
		equal(t, c.name+": the actions", cdktest.At(document, "Statement.0.Action"),
			`["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]`)
		equal(t, c.name+": the resource", cdktest.At(document, "Statement.0.Resource"),
			`"arn:aws-us-gov:logs:ap-southeast-1:111122223333:log-group:`+c.resource+`"`)
		equal(t, c.name+": the effect", cdktest.At(document, "Statement.0.Effect"), `"Allow"`)
		equal(t, c.name+": the condition", cdktest.At(document, "Statement.0.Condition"), `null`)
	}
}

// One interface, one address, its own machines and group: everything that changes
// something is bound to what belongs to this NAT.
func TestNATInstanceTakesOverItsOwnAndNothingElse(t *testing.T) {
	const ec2 = "arn:aws-us-gov:ec2:ap-southeast-1:111122223333:"
	equal(t, "the document", deployed(t, func() any {
		return policy.Document(policy.NATInstance, variables[policy.NATInstance])
	}), `{"Version": "2012-10-17", "Statement": [
		{"Sid": "SeeWhoHoldsTheInterface", "Effect": "Allow", "Action": "ec2:DescribeNetworkInterfaces",
			"Resource": "*", "Condition": {"StringEquals": {"ec2:Region": "ap-southeast-1"}}},
		{"Sid": "MoveTheOneInterface", "Effect": "Allow", "Action": ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"],
			"Resource": "`+ec2+`network-interface/eni-1"},
		{"Sid": "MoveItBetweenTheseMachines", "Effect": "Allow", "Action": ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"],
			"Resource": "`+ec2+`instance/*", "Condition": {"StringEquals": {"aws:ResourceTag/Name": "shop-nat"}}},
		{"Sid": "TakeTheOneAddress", "Effect": "Allow", "Action": "ec2:AssociateAddress",
			"Resource": "`+ec2+`elastic-ip/eipalloc-2"},
		{"Sid": "TakeItToTheseMachines", "Effect": "Allow", "Action": "ec2:AssociateAddress",
			"Resource": ["`+ec2+`instance/*", "`+ec2+`network-interface/*"],
			"Condition": {"StringEquals": {"aws:ResourceTag/Name": "shop-nat"}}},
		{"Sid": "TellAutoScaling", "Effect": "Allow", "Action": ["autoscaling:CompleteLifecycleAction", "autoscaling:SetInstanceHealth"],
			"Resource": "arn:aws-us-gov:autoscaling:ap-southeast-1:111122223333:autoScalingGroup:*:autoScalingGroupName/shop-nat"},
		{"Sid": "TellCloudFormation", "Effect": "Allow", "Action": "cloudformation:SignalResource",
			"Resource": "arn:aws-us-gov:cloudformation:ap-southeast-1:111122223333:stack/Shop/1b2c"},
		{"Sid": "Measure", "Effect": "Allow", "Action": "cloudwatch:PutMetricData",
			"Resource": "*", "Condition": {"StringEquals": {"cloudwatch:namespace": "Shop/NAT"}}}
	]}`)
}

// The id of a resource is known to CloudFormation only: it stays a variable of
// Fn::Sub, each in the strings that hold it. Plain values are written out.
func TestTokensAreFilledInByCloudFormation(t *testing.T) {
	template := cdktest.Synth(t, func(stack cdk.Stack) {
		topic := func(id string) string { return *sns.NewCfnTopic(stack, jsii.String(id), nil).Ref() }
		iam.NewCfnManagedPolicy(stack, jsii.String("Policy"), &iam.CfnManagedPolicyProps{
			PolicyDocument: policy.Document(policy.NATInstance, map[string]string{
				"Interface": topic("One"), "Allocation": topic("Two"), "Name": "shop-nat", "Namespace": topic("Three"),
			}),
		})
	})
	document := template.Only(t, "AWS::IAM::ManagedPolicy").At("PolicyDocument")
	const ec2 = "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:"
	for path, want := range map[string]string{
		"Statement.1.Resource":               `{"Fn::Sub": ["` + ec2 + `network-interface/${Interface}", {"Interface": {"Ref": "One"}}]}`,
		"Statement.2.Resource":               `{"Fn::Sub": "` + ec2 + `instance/*"}`,
		"Statement.3.Resource":               `{"Fn::Sub": ["` + ec2 + `elastic-ip/${Allocation}", {"Allocation": {"Ref": "Two"}}]}`,
		"Statement.4.Condition.StringEquals": `{"aws:ResourceTag/Name": "shop-nat"}`,
		"Statement.7.Condition.StringEquals": `{"cloudwatch:namespace": {"Fn::Sub": ["${Namespace}", {"Namespace": {"Ref": "Three"}}]}}`,
	} {
		equal(t, path, cdktest.At(document, path), want)
	}
}

func TestTokensCannotBeKeys(t *testing.T) {
	message := cdktest.MustPanic(t, func() {
		cdktest.Synth(t, func(stack cdk.Stack) {
			policy.Document(policy.ALBController, map[string]string{"ClusterName": *sns.NewCfnTopic(stack, jsii.String("Topic"), nil).Ref()})
		})
	})
	if want := "policy: the key \"aws:ResourceTag/kubernetes.io/cluster/${ClusterName}\" must not hold a token"; message != want {
		t.Errorf("the panic is %q, want %q", message, want)
	}
}

// Fn::Sub reaches values and not keys, so nothing of "${" may be left in either
// once CloudFormation is done.
func TestDeployedDocumentsHoldNoVariables(t *testing.T) {
	for name, values := range variables {
		cdktest.Walk(deployed(t, func() any { return policy.Document(name, values) }), func(path string, value any) {
			if text, _ := value.(string); strings.Contains(path+text, "${") {
				t.Errorf("%s: %s: %q holds a variable", name, path, text)
			}
		})
	}
}

// IAM takes 10240 characters of inline policies in a role, white space not
// counted. The names are longer than config and EKS allow.
func TestDocumentsFitIntoARole(t *testing.T) {
	long := strings.Repeat("n", 128)
	for name, values := range variables {
		longest := map[string]string{}
		for key := range values {
			longest[key] = long
		}
		text := cdktest.Show(deployed(t, func() any { return policy.Document(name, longest) }))
		if n := len(text); n > 10240 {
			t.Errorf("%s: the document has %d characters, want 10240 or fewer", name, n)
		}
	}
}

func TestDocumentRefusesWhatIsNotThere(t *testing.T) {
	for want, document := range map[string]func(){
		`policy: there is no document "s3-reader"`:                              func() { policy.Document("s3-reader", nil) },
		`policy: there is no document ""`:                                       func() { policy.Document("", nil) },
		`policy: document "alb-controller-v3.2.2" must be given ${ClusterName}`: func() { policy.Document(policy.ALBController, nil) },
		`policy: document "external-secrets" must be given ${SecretPrefix}`: func() {
			policy.Document(policy.ExternalSecrets, map[string]string{"Prefix": "shop"})
		},
		`policy: document "fluent-bit" must be given ${LogPrefix}`: func() { policy.Document(policy.FluentBit, nil) },
		`policy: document "flow-logs" must be given ${LogGroup}`:   func() { policy.Document(policy.FlowLogs, nil) },
		`policy: document "nat-instance" must be given ${Interface}`: func() {
			policy.Document(policy.NATInstance, map[string]string{"Allocation": "eipalloc-2", "Name": "shop-nat", "Namespace": "Shop/NAT"})
		},
		`policy: document "flow-logs" must be JSON: invalid character 'x' after object key:value pair`: func() {
			policy.Document(policy.FlowLogs, map[string]string{"LogGroup": `"x`})
		},
	} {
		if message := cdktest.MustPanic(t, document); message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}

func TestAllowMakesAStatementOfEach(t *testing.T) {
	equal(t, "the document", deployed(t, func() any {
		return policy.Allow(
			policy.Statement{Actions: []string{"s3:GetObject", "s3:ListBucket"}, Resources: []string{"arn:${AWS::Partition}:s3:::shop-${AWS::Region}"}},
			policy.Statement{Actions: []string{"sqs:SendMessage"}, Resources: []string{"arn:aws:sqs:eu-north-1:1:a", "arn:aws:sqs:eu-north-1:1:b"}},
		)
	}), `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws-us-gov:s3:::shop-ap-southeast-1"]},
		{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:eu-north-1:1:a", "arn:aws:sqs:eu-north-1:1:b"]}
	]}`)
}

func TestTrustNamesOnePrincipalAndNoMore(t *testing.T) {
	for _, c := range []struct {
		name     string
		document func() any
		want     string
	}{
		{"a service, for this account only", func() any { return policy.TrustService("eks.amazonaws.com") }, `{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "eks.amazonaws.com"},
			"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`},
		{"EC2, which sends no account", policy.TrustEC2, `{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}`},
		{"some of this account", func() any { return policy.TrustPrincipals([]string{"role/ops/*", "user/eve"}) }, `{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:root"},
			"Condition": {"ArnLike": {"aws:PrincipalArn": ["arn:aws-us-gov:iam::111122223333:role/ops/*", "arn:aws-us-gov:iam::111122223333:user/eve"]}}}`},
		{"this account, for a key", policy.AccountKey, `{
			"Sid": "IamDecides", "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:root"}}`},
	} {
		equal(t, c.name, deployed(t, c.document), `{"Version": "2012-10-17", "Statement": [`+c.want+`]}`)
	}
}

func TestAlarmTopicIsForAlarmsAndAutoScalingOfThisAccount(t *testing.T) {
	equal(t, "the policy", deployed(t, func() any { return policy.AlarmTopic(jsii.String("arn:topic")) }), `{"Version": "2012-10-17", "Statement": [
		{"Sid": "AlarmsOfThisAccount", "Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:topic",
			"Principal": {"Service": "cloudwatch.amazonaws.com"},
			"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
		{"Sid": "AutoScalingOfThisAccount", "Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:topic",
			"Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:root"},
			"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws-us-gov:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}}},
		{"Sid": "NothingWithoutTLS", "Effect": "Deny", "Action": "sns:Publish", "Resource": "arn:topic",
			"Principal": {"AWS": "*"},
			"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
	]}`)
}

func TestARNsOfAWSOwnPoliciesFollowThePartition(t *testing.T) {
	for want, arn := range map[string]func() *string{
		"arn:aws-us-gov:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy":      func() *string { return policy.Managed("service-role/AmazonEBSCSIDriverPolicy") },
		"arn:aws-us-gov:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy": func() *string { return policy.ClusterAccess("AmazonEKSClusterAdminPolicy") },
	} {
		template := cdktest.Synth(t, func(stack cdk.Stack) {
			cdk.NewCfnOutput(stack, jsii.String("Arn"), &cdk.CfnOutputProps{Value: arn()})
		})
		if got := substituted(t, template.Outputs["Arn"].Value); got != want {
			t.Errorf("the ARN is %v, want %s", got, want)
		}
	}
}
