// Package iameval answers whether identity-based IAM policies allow a request,
// without AWS.
//
//   - Parse: one policy document, read strictly
//   - Evaluate: the decision on one request, with the statement that made it
//
// The rules are those of the IAM user guide, and each stands beside the title of
// its page. Three things are out of scope, so a request that is allowed here may
// still be refused there: other kinds of policy (resource-based, boundaries,
// session, service control), whether an action exists, and which resources and
// condition keys it has. The last come from the caller, out of the "Service
// Authorization Reference". An API call that touches several resources is
// several requests, and all of them must be allowed.
//
// What the user guide leaves open is decided against the request: a statement
// that allows does not apply, and one that denies does. That is so for a key
// with several values under an operator without ForAllValues or ForAnyValue,
// for a value in the request that is not of the operator's type, and for an
// absent key under ForAnyValue:…IfExists.
package iameval

import (
	"fmt"
	"regexp"
	"strings"
)

// Request is one action on one resource.
type Request struct {
	// Action is what is called, such as "ec2:AssociateAddress".
	Action string
	// Resource is an ARN, or "*" where the action knows no resources.
	Resource string
	// Context are the condition keys with their values, as AWS spells them:
	// "aws:RequestedRegion", "ec2:ResourceTag/Name". Case does not matter in the
	// keys. A key without values is absent.
	Context map[string][]string
}

// Policy is a policy document that has been read. The zero value allows nothing.
type Policy struct {
	statements []statement
}

// Decision is the answer to a request.
type Decision struct {
	// Allowed says that a statement allows the request and none denies it.
	Allowed bool
	// Explicit says that a statement denies the request. When neither Allowed nor
	// Explicit is set, no statement applies.
	Explicit bool
	// By is the statement that decided: its Sid, or its place, such as
	// "policies[0].Statement[2]", when it has none. Empty when none applies.
	By string
	// Reason is a sentence for people. Without a statement that applies, it says
	// of each that allows the action what is missing.
	Reason string
}

// statement is a Statement that has been read.
type statement struct {
	sid  string
	deny bool
	// actions and resources are what the statement names; with the switch beside
	// them, it is about all others.
	actions      []pattern
	notActions   bool
	resources    []pattern
	notResources bool
	conditions   []condition
}

// requestedAction is an action as it is called: without wildcards.
var requestedAction = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$`)

// Evaluate decides on a request. A statement that denies beats every one that
// allows, in whichever policy they stand; without any, the request is denied
// ("Policy evaluation logic"; "The difference between explicit and implicit
// denies").
//
// It panics on a request that is none, so that a misspelt one is not taken for
// one that is denied.
func Evaluate(policies []Policy, r Request) Decision {
	context := check(r)
	what := r.Action + " on " + r.Resource
	var allowed Decision
	var missing []string
	for i, policy := range policies {
		for j, s := range policy.statements {
			by := s.sid
			if by == "" {
				by = fmt.Sprintf("policies[%d].Statement[%d]", i, j)
			}
			applies, why := s.judge(r, context)
			switch {
			case s.deny && applies != no:
				reason := by + " denies " + what
				if applies == open {
					reason += ": " + why
				}
				return Decision{Explicit: true, By: by, Reason: reason}
			case !s.deny && applies == yes && !allowed.Allowed:
				allowed = Decision{Allowed: true, By: by, Reason: by + " allows " + what}
			case !s.deny && applies != yes && why != "":
				missing = append(missing, by+": "+why)
			}
		}
	}
	if allowed.Allowed {
		return allowed
	}
	return Decision{Reason: strings.Join(append([]string{"no statement allows " + what}, missing...), "; ")}
}

// judge says whether the statement applies: its action, its resource and all its
// conditions must fit ("Policy evaluation logic"). When only the action fits, the
// text says what does not.
func (s statement) judge(r Request, context values) (verdict, string) {
	// "IAM JSON policy elements: Action": prefix and name are case-insensitive.
	// "IAM JSON policy elements: NotAction": everything except the list.
	if anyMatches(s.actions, strings.ToLower(r.Action), context) == s.notActions {
		return no, ""
	}
	// "IAM JSON policy elements: Resource" and "… NotResource".
	if anyMatches(s.resources, r.Resource, context) == s.notResources {
		return no, "it is not about this resource"
	}
	result, why := yes, ""
	for _, c := range s.conditions {
		switch applies, reason := c.judge(context); applies {
		case yes:
		case no:
			return no, reason
		case open:
			result, why = open, reason
		}
	}
	return result, why
}

// values are the values of a request by the lower case of their key.
// "IAM policy elements: Variables and tags": key names are case-insensitive.
type values map[string][]string

// check refuses what is no request, and returns its context.
func check(r Request) values {
	if !requestedAction.MatchString(r.Action) {
		panic(fmt.Sprintf("iameval: Request.Action must be service:Action, got %q", r.Action))
	}
	if r.Resource != "*" && (!strings.HasPrefix(r.Resource, "arn:") || strings.Count(r.Resource, ":") < arnFields-1) {
		panic(fmt.Sprintf("iameval: Request.Resource must be an ARN or \"*\", got %q", r.Resource))
	}
	context := values{}
	for key, list := range r.Context {
		if !conditionKey.MatchString(key) {
			panic(fmt.Sprintf("iameval: Request.Context must have keys such as \"aws:RequestedRegion\", got %q", key))
		}
		lower := strings.ToLower(key)
		if _, twice := context[lower]; twice {
			panic(fmt.Sprintf("iameval: Request.Context must have each key once, got %q in two spellings", key))
		}
		context[lower] = list
	}
	return context
}
