// Package policy holds the IAM policy documents of the platform as JSON files,
// each named after the program it is for and, where that program publishes a
// policy of its own, after its version.
//
//   - documents/alb-controller-v3.2.2.json: AWS Load Balancer Controller
//   - documents/external-secrets.json: External Secrets Operator
//   - documents/fluent-bit.json: Fluent Bit to CloudWatch Logs
//   - documents/flow-logs.json: VPC flow logs to CloudWatch Logs
//   - documents/nat-instance.json: NAT instance that takes over its interface
//     and address
//
// A document may hold CloudFormation's pseudo parameters, ${AWS::Region} and its
// like, and variables of its own such as ${ClusterName}, which Document gives
// their values.
package policy

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// Names of the documents.
const (
	ALBController   = "alb-controller-v3.2.2"
	ExternalSecrets = "external-secrets"
	FluentBit       = "fluent-bit"
	FlowLogs        = "flow-logs"
	NATInstance     = "nat-instance"
)

//go:embed documents/*.json
var documents embed.FS

// own matches a variable that Document must be given.
var own = regexp.MustCompile(`\$\{([A-Za-z]+)\}`)

// Document returns a policy document in the form that an L1 construct takes.
// A variable's value may be a token, such as the id of a resource: CloudFormation
// then fills it in by Fn::Sub, which reaches values and not keys. Any other
// value replaces its variable wherever it stands.
// It panics when there is no such document or when one of its variables is
// missing: both are mistakes in the calling code.
func Document(name string, variables map[string]string) any {
	data, err := documents.ReadFile("documents/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("policy: there is no document %q", name))
	}
	text := string(data)
	tokens := map[string]*string{}
	for key, value := range variables {
		if *cdk.Token_IsUnresolved(value) {
			tokens[key] = &value
		} else {
			text = strings.ReplaceAll(text, "${"+key+"}", value)
		}
	}
	for _, variable := range own.FindAllStringSubmatch(text, -1) {
		if tokens[variable[1]] == nil {
			panic(fmt.Sprintf("policy: document %q must be given %s", name, variable[0]))
		}
	}
	var parsed any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		panic(fmt.Sprintf("policy: document %q must be JSON: %v", name, err))
	}
	return substitute(parsed, tokens)
}

// Statement is one Allow of a document made by Allow.
type Statement struct {
	// Actions are IAM actions, "s3:GetObject".
	Actions []string
	// Resources are ARNs and may hold CloudFormation's pseudo parameters.
	Resources []string
}

// Allow makes a document of Allow statements.
func Allow(statements ...Statement) any {
	var list []any
	for _, s := range statements {
		list = append(list, map[string]any{
			"Effect":   "Allow",
			"Action":   anys(s.Actions),
			"Resource": anys(s.Resources),
		})
	}
	return substitute(map[string]any{"Version": "2012-10-17", "Statement": list}, nil)
}

// TrustService makes the trust policy of a role that an AWS service assumes on
// behalf of this account only.
func TrustService(service string) any {
	return substitute(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Action":    "sts:AssumeRole",
			"Principal": map[string]any{"Service": service},
			"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": "${AWS::AccountId}"}},
		}},
	}, nil)
}

// TrustEC2 makes the trust policy of an instance role. EC2 sends no source
// account, so there is nothing to bind.
func TrustEC2() any {
	return map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Action":    "sts:AssumeRole",
			"Principal": map[string]any{"Service": "ec2.amazonaws.com"},
		}},
	}
}

// TrustPrincipals makes the trust policy of a role for people: only roles and
// users of this account that match one of the patterns ("role/…", "user/…", *
// for any characters) may assume it. To trust the account as a whole would let
// in everybody whose own policy allows sts:AssumeRole on everything. A pattern
// is a condition, so that it may match a role that does not exist yet.
func TrustPrincipals(patterns []string) any {
	var arns []string
	for _, pattern := range patterns {
		arns = append(arns, "arn:${AWS::Partition}:iam::${AWS::AccountId}:"+pattern)
	}
	return substitute(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Action":    "sts:AssumeRole",
			"Principal": map[string]any{"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
			"Condition": map[string]any{"ArnLike": map[string]any{"aws:PrincipalArn": anys(arns)}},
		}},
	}, nil)
}

// AccountKey makes the policy of a KMS key whose use is decided by IAM
// policies of this account, which is KMS' own default.
func AccountKey() any {
	return substitute(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Sid":       "IamDecides",
			"Effect":    "Allow",
			"Action":    "kms:*",
			"Resource":  "*",
			"Principal": map[string]any{"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
		}},
	}, nil)
}

// AlarmTopic makes the policy of an SNS topic that CloudWatch's alarms and Auto
// Scaling of this account publish to, by TLS only. The topic's ARN is a token.
//
// Auto Scaling publishes with its service-linked role. The role is a condition,
// because SNS refuses a principal that does not exist, and AWS makes the role
// with the first group of an account.
func AlarmTopic(topic *string) any {
	publish := func(sid, effect string, principal, condition map[string]any) any {
		return map[string]any{
			"Sid":       sid,
			"Effect":    effect,
			"Action":    "sns:Publish",
			"Resource":  topic,
			"Principal": principal,
			"Condition": condition,
		}
	}
	return substitute(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{
			publish("AlarmsOfThisAccount", "Allow",
				map[string]any{"Service": "cloudwatch.amazonaws.com"},
				map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": "${AWS::AccountId}"}}),
			publish("AutoScalingOfThisAccount", "Allow",
				map[string]any{"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
				map[string]any{"ArnEquals": map[string]any{"aws:PrincipalArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}}),
			publish("NothingWithoutTLS", "Deny",
				map[string]any{"AWS": "*"},
				map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}}),
		},
	}, nil)
}

// ClusterAccess is the ARN of one of EKS' access policies.
func ClusterAccess(name string) *string {
	return cdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:eks::aws:cluster-access-policy/"+name), nil)
}

// Managed is the ARN of one of AWS' managed policies.
func Managed(name string) *string {
	return cdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:iam::aws:policy/"+name), nil)
}

// substitute wraps every string that holds a pseudo parameter or a variable in
// Fn::Sub, with those of the variables' values that it needs.
func substitute(value any, tokens map[string]*string) any {
	switch v := value.(type) {
	case string:
		needed := map[string]*string{}
		for _, variable := range own.FindAllStringSubmatch(v, -1) {
			if token := tokens[variable[1]]; token != nil {
				needed[variable[1]] = token
			}
		}
		switch {
		case len(needed) > 0:
			return cdk.Fn_Sub(jsii.String(v), &needed)
		case strings.Contains(v, "${AWS::"):
			return cdk.Fn_Sub(jsii.String(v), nil)
		}
	case []any:
		for i := range v {
			v[i] = substitute(v[i], tokens)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if own.MatchString(key) {
				panic(fmt.Sprintf("policy: the key %q must not hold a token", key))
			}
			v[key] = substitute(v[key], tokens)
		}
	}
	return value
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
