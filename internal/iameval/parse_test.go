package iameval_test

import (
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/iameval"
)

// TestParseRefuses has a document for each rule, with the whole error.
func TestParseRefuses(t *testing.T) {
	const rest = `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"`
	statement := func(elements string) string { return document(`{"Sid": "S", ` + elements + `}`) }
	action := func(value string) string {
		return statement(`"Effect": "Allow", "Resource": "*", "Action": ` + value)
	}
	resource := func(value string) string {
		return statement(`"Effect": "Allow", "Action": "*", "Resource": ` + value)
	}
	condition := func(value string) string { return statement(rest + `, "Condition": ` + value) }
	const (
		badAction = `must be "*" or service:Action, with wildcards in the action only`
		badARN    = `must be an ARN, arn:partition:service:region:account:resource`
		badStart  = `iameval: Statement[0] (S): `
	)

	for _, c := range []struct{ document, want string }{
		// The document
		{"{", "iameval: the policy is not JSON: unexpected end of JSON input"},
		{document(allowRead) + "x", "iameval: the policy is not JSON: invalid character 'x' after top-level value"},
		{"{\"Id\": \"\xff\"}", "iameval: the policy is not UTF-8"},
		{`[]`, "iameval: policy: must be an object, got an array"},
		{`null`, "iameval: policy: must be an object, got null"},
		{`{"Version": "2012-10-17"}`, "iameval: Statement: is required, and must hold at least one statement"},
		{document(), "iameval: Statement: is required, and must hold at least one statement"},
		{`{"Version": "2012-10-18", "Statement": ` + allowRead + `}`, `iameval: Version: must be "2012-10-17" or "2008-10-17", got "2012-10-18"`},
		{`{"Version": 2012, "Statement": ` + allowRead + `}`, `iameval: Version: must be "2012-10-17" or "2008-10-17", got 2012`},
		{`{"Id": "x", "Statement": ` + allowRead + `}`, "iameval: Id: must not be in an identity-based policy"},
		{`{"version": "2012-10-17", "Statement": ` + allowRead + `}`, "iameval: version: is not an element of a policy"},
		{`{"Statement": ` + allowRead + `, "Statement": ` + allowRead + `}`, `iameval: policy: has "Statement" twice`},

		// Statements
		{document(`"x"`), `iameval: Statement[0]: must be an object, got "x"`},
		{`{"Statement": null}`, `iameval: Statement[0]: must be an object, got null`},
		{statement(rest + `, "Principal": "*"`), badStart + `Principal: must not be in an identity-based policy`},
		{statement(rest + `, "NotPrincipal": "*"`), badStart + `NotPrincipal: must not be in an identity-based policy`},
		{statement(rest + `, "Resources": "*"`), badStart + `Resources: is not an element of a statement`},
		{statement(rest + `, "Effect": "Deny"`), `iameval: Statement[0]: has "Effect" twice`},
		{statement(`"Action": "*", "Resource": "*"`), badStart + `Effect: is required`},
		{statement(`"Effect": "allow", "Action": "*", "Resource": "*"`), badStart + `Effect: must be "Allow" or "Deny", got "allow"`},
		{statement(`"Effect": true, "Action": "*", "Resource": "*"`), badStart + `Effect: must be "Allow" or "Deny", got true`},
		{statement(`"Effect": "Allow", "Resource": "*"`), badStart + `Action: is required, or NotAction in its place, and not both`},
		{statement(rest + `, "NotAction": "*"`), badStart + `Action: is required, or NotAction in its place, and not both`},
		{statement(`"Effect": "Allow", "Action": "*"`), badStart + `Resource: is required, or NotResource in its place, and not both`},
		{statement(rest + `, "NotResource": "*"`), badStart + `Resource: is required, or NotResource in its place, and not both`},
		{document(`{"Sid": "no spaces", ` + rest + `}`), `iameval: Statement[0]: Sid: must be a string of letters and digits, got "no spaces"`},
		{document(`{"Sid": 1, ` + rest + `}`), `iameval: Statement[0]: Sid: must be a string of letters and digits, got 1`},
		{document(allowRead, denyRead, allowRead), `iameval: Statement[2] (Read): Sid: must be unique in the policy, got "Read" again`},

		// Actions
		{action(`"GetObject"`), badStart + `Action: "GetObject" ` + badAction},
		{action(`"s3:"`), badStart + `Action: "s3:" ` + badAction},
		{action(`"s*:GetObject"`), badStart + `Action: "s*:GetObject" ` + badAction},
		{action(`"s3:Get:Object"`), badStart + `Action: "s3:Get:Object" ` + badAction},
		{action(`"s3:${aws:username}"`), badStart + `Action: "s3:${aws:username}" ` + badAction},
		{action(`""`), badStart + `Action: "" ` + badAction},
		{action(`[]`), badStart + `Action: must not be empty`},
		{action(`{}`), badStart + `Action: must be a string or an array of strings, got an object`},
		{action(`["*", 1]`), badStart + `Action: must be a string or an array of strings, got 1`},
		{action(`["*", ["*"]]`), badStart + `Action: must be a string or an array of strings, got an array`},
		{statement(`"Effect": "Allow", "NotAction": "x", "Resource": "*"`), badStart + `NotAction: "x" ` + badAction},

		// Resources
		{resource(`"books"`), badStart + `Resource: "books" ` + badARN},
		{resource(`"arn:aws:s3"`), badStart + `Resource: "arn:aws:s3" ` + badARN},
		{resource(`"arn:aws:ec2:eu-north-1:1"`), badStart + `Resource: "arn:aws:ec2:eu-north-1:1" ` + badARN},
		{resource(`"*:aws:s3:::x"`), badStart + `Resource: "*:aws:s3:::x" ` + badARN},
		{resource(`"arn:aws:*:::x"`), badStart + `Resource: "arn:aws:*:::x" must name the service without wildcards`},
		{resource(`"arn:aws:s?:::x"`), badStart + `Resource: "arn:aws:s?:::x" must name the service without wildcards`},
		{resource(`"arn:aws:iam::${aws:PrincipalAccount}:user/x"`), badStart + `Resource: "arn:aws:iam::${aws:PrincipalAccount}:user/x" has a variable before the fifth colon`},
		{resource(`"arn:aws:iam::1:user/${aws:username"`), badStart + `Resource: "arn:aws:iam::1:user/${aws:username" has a variable without its closing brace`},
		{
			resource(`"arn:aws:iam::1:user/${AWS::Region}"`),
			badStart + `Resource: "arn:aws:iam::1:user/${AWS::Region}" has ${AWS::Region}, which is no policy variable; a template's placeholders must be filled in first`,
		},
		{
			resource(`"arn:aws:iam::1:user/${ClusterName}"`),
			badStart + `Resource: "arn:aws:iam::1:user/${ClusterName}" has ${ClusterName}, which is no policy variable; a template's placeholders must be filled in first`,
		},
		{
			resource(`"arn:aws:iam::1:user/${aws:username,'x'}"`),
			badStart + `Resource: "arn:aws:iam::1:user/${aws:username,'x'}" has ${aws:username,'x'}, which is no policy variable; a template's placeholders must be filled in first`,
		},
		{resource(`[]`), badStart + `Resource: must not be empty`},
		{resource(`null`), badStart + `Resource: must be a string or an array of strings, got null`},
		{statement(`"Effect": "Allow", "Action": "*", "NotResource": "x"`), badStart + `NotResource: "x" ` + badARN},

		// Conditions
		{condition(`[]`), badStart + `Condition: must be an object, got an array`},
		{condition(`{}`), badStart + `Condition: must not be empty`},
		{condition(`{"Bool": {"a:b": "true"}, "Bool": {"a:c": "true"}}`), badStart + `Condition: has "Bool" twice`},
		{condition(`{"Bool": {"a:b": "true", "a:b": "false"}}`), badStart + `Condition.Bool: has "a:b" twice`},
		{condition(`{"Bool": {}}`), badStart + `Condition.Bool: must not be empty`},
		{condition(`{"Bool": "true"}`), badStart + `Condition.Bool: must be an object, got "true"`},
		{condition(`{"Bool": {"a:b": []}}`), badStart + `Condition.Bool.a:b: must not be empty`},
		{condition(`{"Bool": {"a:b": {}}}`), badStart + `Condition.Bool.a:b: must be a value or an array of values, got an object`},
		{condition(`{"Bool": {"a:b": null}}`), badStart + `Condition.Bool.a:b: must be a value or an array of values, got null`},
		{condition(`{"Bool": {"region": true}}`), badStart + `Condition.Bool.region: is not a condition key, such as aws:RequestedRegion`},
		{condition(`{"Bool": {"aws:ResourceTag/${Key}": true}}`), badStart + `Condition.Bool.aws:ResourceTag/${Key}: is not a condition key, such as aws:RequestedRegion`},
		{condition(`{"StringIs": {"a:b": "x"}}`), badStart + `Condition.StringIs: is not a condition operator`},
		{condition(`{"stringEquals": {"a:b": "x"}}`), badStart + `Condition.stringEquals: is not a condition operator`},
		{condition(`{"IfExists": {"a:b": "x"}}`), badStart + `Condition.IfExists: is not a condition operator`},
		{condition(`{"ForSomeValues:StringEquals": {"a:b": "x"}}`), badStart + `Condition.ForSomeValues:StringEquals: is not a condition operator`},
		{condition(`{"ForAllValues:ForAllValues:StringEquals": {"a:b": "x"}}`), badStart + `Condition.ForAllValues:ForAllValues:StringEquals: is not a condition operator`},
		{condition(`{"ForAllValues:ForAnyValue:StringEquals": {"a:b": "x"}}`), badStart + `Condition.ForAllValues:ForAnyValue:StringEquals: is not a condition operator`},
		{condition(`{"NullIfExists": {"a:b": "true"}}`), badStart + `Condition.NullIfExists: is Null, which takes no prefix and no suffix`},
		{condition(`{"ForAnyValue:Null": {"a:b": "true"}}`), badStart + `Condition.ForAnyValue:Null: is Null, which takes no prefix and no suffix`},
		{condition(`{"Null": {"a:b": "yes"}}`), badStart + `Condition.Null.a:b: "yes" must be "true" or "false"`},
		{condition(`{"Bool": {"a:b": "True"}}`), badStart + `Condition.Bool.a:b: "True" must be "true" or "false"`},
		{condition(`{"NumericEquals": {"a:b": "1*"}}`), badStart + `Condition.NumericEquals.a:b: "1*" must be a number`},
		{condition(`{"NumericEquals": {"a:b": 1e3}}`), badStart + `Condition.NumericEquals.a:b: 1e3 must be a number`},
		{condition(`{"NumericEquals": {"a:b": "${a:c}"}}`), badStart + `Condition.NumericEquals.a:b: "${a:c}" must be a number`},
		{condition(`{"DateEquals": {"a:b": "20130930T231548Z"}}`), badStart + `Condition.DateEquals.a:b: "20130930T231548Z" must be a date such as 2026-01-31T00:00:00Z, or seconds since 1970`},
		{condition(`{"BinaryEquals": {"a:b": "%"}}`), badStart + `Condition.BinaryEquals.a:b: "%" must be base64`},
		{condition(`{"IpAddress": {"a:b": "203.0.113.*"}}`), badStart + `Condition.IpAddress.a:b: "203.0.113.*" must be a range such as 203.0.113.0/24 or 2001:db8::/64`},
		{condition(`{"IpAddress": {"a:b": "2001:db8::1"}}`), badStart + `Condition.IpAddress.a:b: "2001:db8::1" must be a range such as 203.0.113.0/24 or 2001:db8::/64`},
		{condition(`{"ArnLike": {"a:b": "*"}}`), badStart + `Condition.ArnLike.a:b: "*" ` + badARN},
		{
			condition(`{"StringEquals": {"a:b": ["x", "${}"]}}`),
			badStart + `Condition.StringEquals.a:b: "${}" has ${}, which is no policy variable; a template's placeholders must be filled in first`,
		},
	} {
		policy, err := iameval.Parse([]byte(c.document))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.document, err, c.want)
		}
		request := iameval.Request{Action: read, Resource: object}
		if got := iameval.Evaluate([]iameval.Policy{policy}, request); got.Allowed || got.Explicit {
			t.Errorf("%s: what is refused decides: %+v", c.document, got)
		}
	}
}

// TestParseReportsEverything keeps the report from ending at the first problem.
func TestParseReportsEverything(t *testing.T) {
	_, err := iameval.Parse([]byte(`{
		"Version": "2026-01-01",
		"Statement": [
			{"Sid": "One", "Effect": "Maybe", "Action": ["x", "y"], "Resource": "*"},
			{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": [1, 2]}, "Is": {}}}
		]}`))
	want := []string{
		`iameval: Version: must be "2012-10-17" or "2008-10-17", got "2026-01-01"`,
		`iameval: Statement[0] (One): Effect: must be "Allow" or "Deny", got "Maybe"`,
		`iameval: Statement[0] (One): Action: "x" must be "*" or service:Action, with wildcards in the action only`,
		`iameval: Statement[0] (One): Action: "y" must be "*" or service:Action, with wildcards in the action only`,
		`iameval: Statement[1]: Condition.Bool.a:b: 1 must be "true" or "false"`,
		`iameval: Statement[1]: Condition.Bool.a:b: 2 must be "true" or "false"`,
		`iameval: Statement[1]: Condition.Is: is not a condition operator`,
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("got %v", err)
	}
}

// FuzzParse: whatever is parsed can be evaluated, and nothing panics.
func FuzzParse(f *testing.F) {
	f.Add(document(allowRead, denyRead))
	f.Add(document(`{"Effect": "Deny", "NotAction": ["a:*", "b:?"], "NotResource": "arn:*:s3:::${aws:username, 'x'}/${*}"}`))
	f.Add(document(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAnyValue:ArnLikeIfExists": {"a:b": ["${a:b}", "arn:aws:x:*:1:?"]}, "Null": {"a:b": true}}}`))
	f.Add(document(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericLessThan": {"a:b": 1.5}, "NotIpAddress": {"a:b": "10.0.0.0/8"}, "DateEquals": {"a:b": "2026-01"}}}`))
	f.Fuzz(func(t *testing.T, text string) {
		policy, err := iameval.Parse([]byte(text))
		if err != nil {
			return
		}
		for _, context := range []map[string][]string{nil, {"a:b": {"1"}}, {"a:b": {"x", ""}, "aws:username": {"*"}}} {
			got := iameval.Evaluate([]iameval.Policy{policy}, iameval.Request{Action: "s3:GetObject", Resource: object, Context: context})
			if got.Allowed && got.Explicit || got.Reason == "" || (got.By != "") != (got.Allowed || got.Explicit) {
				t.Errorf("%+v", got)
			}
		}
	})
}
