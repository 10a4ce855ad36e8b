// Package nag writes down why a cdk-nag finding is accepted, at the resource
// that it concerns and in the template itself, where a reviewer sees it.
//
// It writes cdk-nag's metadata directly, so that the constructs do not load
// the cdk-nag library at every synth; only the tests do.
package nag

import cdk "github.com/aws/aws-cdk-go/awscdk/v2"

// Acceptance is one accepted finding.
type Acceptance struct {
	// Rule is the rule's id, "AwsSolutions-IAM5".
	Rule string
	// Finding narrows the acceptance to one finding of the rule, such as
	// "Resource::*"; empty accepts the rule on the resource as a whole.
	Finding string
	// Reason tells a reviewer why this is right.
	Reason string
}

// Accept records the acceptances on a resource, beside those that it has.
func Accept(resource cdk.CfnResource, acceptances ...Acceptance) {
	if len(acceptances) == 0 {
		return
	}
	var rules []any
	if metadata, ok := resource.GetMetadata(new(key)).(map[string]any); ok {
		rules, _ = metadata[list].([]any)
	}
	for _, a := range acceptances {
		rule := map[string]any{"id": a.Rule, "reason": a.Reason}
		if a.Finding != "" {
			rule["applies_to"] = []any{a.Finding}
		}
		rules = append(rules, rule)
	}
	resource.AddMetadata(new(key), map[string]any{list: rules})
}

// Where cdk-nag looks for suppressions in a resource's metadata.
const (
	key  = "cdk_nag"
	list = "rules_to_suppress"
)
