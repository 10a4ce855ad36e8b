// Package policy holds the IAM policy documents of the platform as JSON files,
// each named after the program it is for and, where that program publishes a
// policy of its own, after its version.
//
//   - documents/alb-controller-v3.2.2.json: AWS Load Balancer Controller
//   - documents/external-secrets.json: External Secrets Operator
//   - documents/fluent-bit.json: Fluent Bit to CloudWatch Logs
//   - documents/flow-logs.json: VPC flow logs to CloudWatch Logs
//
// A document may hold ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId},
// which CloudFormation replaces, and variables of its own such as
// ${ClusterName}, which Document replaces.
package policy

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
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
)

//go:embed documents/*.json
var documents embed.FS

// own matches a variable that Document must replace.
var own = regexp.MustCompile(`\$\{[A-Za-z]+\}`)

// Document returns a policy document in the form that an L1 construct takes.
// It panics when there is no such document or when one of its variables is
// missing: both are mistakes in the calling code.
func Document(name string, variables map[string]string) any {
	data, err := documents.ReadFile("documents/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("policy: there is no document %q", name))
	}
	text := string(data)
	for key, value := range variables {
		text = strings.ReplaceAll(text, "${"+key+"}", value)
	}
	if missing := own.FindString(text); missing != "" {
		panic(fmt.Sprintf("policy: document %q must be given %s", name, missing))
	}
	var parsed any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		panic(fmt.Sprintf("policy: document %q must be JSON: %v", name, err))
	}
	return substitute(parsed)
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
	return substitute(map[string]any{"Version": "2012-10-17", "Statement": list})
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
	})
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
	})
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
	})
}

// ClusterAccess is the ARN of one of EKS' access policies.
func ClusterAccess(name string) *string {
	return cdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:eks::aws:cluster-access-policy/"+name), nil)
}

// Managed is the ARN of one of AWS' managed policies.
func Managed(name string) *string {
	return cdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:iam::aws:policy/"+name), nil)
}

// substitute wraps every string that holds a pseudo parameter in Fn::Sub.
func substitute(value any) any {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, "${AWS::") {
			return cdk.Fn_Sub(jsii.String(v), nil)
		}
	case []any:
		for i := range v {
			v[i] = substitute(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = substitute(v[key])
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
