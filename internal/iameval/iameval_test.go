package iameval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/iameval"
)

const (
	network   = "arn:aws:ec2:eu-north-1:111122223333:network-interface/eni-1"
	object    = "arn:aws:s3:::books/2026/report.pdf"
	lock      = "ec2:AttachNetworkInterface"
	read      = "s3:GetObject"
	allowRead = `{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`
	denyRead  = `{"Sid": "NoRead", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}`
)

// document is a policy of the current version.
func document(statements ...string) string {
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",") + `]}`
}

func parse(t *testing.T, documents ...string) []iameval.Policy {
	t.Helper()
	policies := make([]iameval.Policy, len(documents))
	for i, text := range documents {
		policy, err := iameval.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		policies[i] = policy
	}
	return policies
}

// TestPrecedence has the cases of "Policy evaluation logic" and "The difference
// between explicit and implicit denies".
func TestPrecedence(t *testing.T) {
	for _, c := range []struct {
		name      string
		documents []string
		want      iameval.Decision
	}{
		{
			"no policy denies implicitly", nil,
			iameval.Decision{Reason: "no statement allows s3:GetObject on " + object},
		},
		{
			"a policy about something else denies implicitly",
			[]string{document(`{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}`)},
			iameval.Decision{Reason: "no statement allows s3:GetObject on " + object},
		},
		{
			"one allow allows",
			[]string{document(allowRead)},
			iameval.Decision{Allowed: true, By: "Read", Reason: "Read allows s3:GetObject on " + object},
		},
		{
			"a deny that does not apply changes nothing",
			[]string{document(`{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}`, allowRead)},
			iameval.Decision{Allowed: true, By: "Read", Reason: "Read allows s3:GetObject on " + object},
		},
		{
			"deny before allow",
			[]string{document(denyRead, allowRead)},
			iameval.Decision{Explicit: true, By: "NoRead", Reason: "NoRead denies s3:GetObject on " + object},
		},
		{
			"deny after allow",
			[]string{document(allowRead, denyRead)},
			iameval.Decision{Explicit: true, By: "NoRead", Reason: "NoRead denies s3:GetObject on " + object},
		},
		{
			"deny in another policy",
			[]string{document(allowRead), document(denyRead)},
			iameval.Decision{Explicit: true, By: "NoRead", Reason: "NoRead denies s3:GetObject on " + object},
		},
		{
			"deny alone",
			[]string{document(denyRead)},
			iameval.Decision{Explicit: true, By: "NoRead", Reason: "NoRead denies s3:GetObject on " + object},
		},
		{
			"of two allows the first is named",
			[]string{document(allowRead, strings.Replace(allowRead, `"Read"`, `"Again"`, 1))},
			iameval.Decision{Allowed: true, By: "Read", Reason: "Read allows s3:GetObject on " + object},
		},
		{
			"a statement without a Sid is named by its place",
			[]string{document(allowRead), document(`{"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"}`, `{"Sid": "", "Effect": "Deny", "Action": "*", "Resource": "*"}`)},
			iameval.Decision{Explicit: true, By: "policies[1].Statement[1]", Reason: "policies[1].Statement[1] denies s3:GetObject on " + object},
		},
		{
			"a single statement needs no array",
			[]string{`{"Version": "2012-10-17", "Statement": ` + allowRead + `}`},
			iameval.Decision{Allowed: true, By: "Read", Reason: "Read allows s3:GetObject on " + object},
		},
		{
			"the reason names what is missing",
			[]string{document(
				`{"Sid": "Elsewhere", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}`,
				`{"Sid": "Here", "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-north-1"}}}`,
				`{"Sid": "Tagged", "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Name": "x"}}}`,
				`{"Sid": "NotThis", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`,
				`{"Sid": "NorThis", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}`,
			)},
			iameval.Decision{Reason: "no statement allows s3:GetObject on " + object +
				`; Elsewhere: it is not about this resource` +
				`; Here: StringEquals on aws:RequestedRegion is not met by ["us-east-1"]` +
				`; Tagged: StringEquals on aws:ResourceTag/Name is not met, the request has no such key`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := iameval.Request{Action: read, Resource: object, Context: map[string][]string{"aws:RequestedRegion": {"us-east-1"}}}
			if got := iameval.Evaluate(parse(t, c.documents...), request); got != c.want {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

// TestActionsAndResources has the cases of "IAM JSON policy elements: Action",
// "… NotAction", "… Resource" and "… NotResource".
func TestActionsAndResources(t *testing.T) {
	context := map[string][]string{"aws:username": {"David"}, "aws:PrincipalTag/Team": {"a*b"}, "aws:PrincipalTag/empty": {""}, "aws:TagKeys": {"x", "y"}}
	for _, c := range []struct {
		statement        string
		action, resource string
		want             bool
	}{
		// Actions: case does not matter, wildcards anywhere in the name.
		{`"Action": "IAM:listaccesskeys", "Resource": "*"`, "iam:ListAccessKeys", "*", true},
		{`"Action": "iam:ListAccessKeys", "Resource": "*"`, "IAM:listaccesskeys", "*", true},
		{`"Action": "iam:*AccessKey*", "Resource": "*"`, "iam:CreateAccessKey", "*", true},
		{`"Action": "iam:*AccessKey*", "Resource": "*"`, "iam:ListAccessKeys", "*", true},
		{`"Action": "iam:*AccessKey*", "Resource": "*"`, "iam:ListUsers", "*", false},
		{`"Action": "ec2:Describe*", "Resource": "*"`, "ec2:DetachNetworkInterface", "*", false},
		{`"Action": "ec2:A?tachNetworkInterface", "Resource": "*"`, lock, network, true},
		{`"Action": "ec2:A?AttachNetworkInterface", "Resource": "*"`, lock, network, false},
		{`"Action": "ec2:Attach", "Resource": "*"`, lock, network, false},
		{`"Action": "s3:*", "Resource": "*"`, "s3express:GetObject", "*", false},
		{`"Action": "*", "Resource": "*"`, lock, network, true},
		{`"Action": ["s3:GetObject", "ec2:AttachNetworkInterface"], "Resource": "*"`, lock, network, true},
		{`"NotAction": "iam:*", "Resource": "*"`, lock, network, true},
		{`"NotAction": ["s3:*", "EC2:*"], "Resource": "*"`, lock, network, false},
		// The example of "… NotAction": ListAllMyBuckets requires the resource "*".
		{`"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"`, "s3:GetObject", object, true},
		{`"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"`, "s3:DeleteBucket", "arn:aws:s3:::books", false},
		{`"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"`, "s3:ListAllMyBuckets", "*", false},
		{`"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"`, lock, network, false},

		// Resources: case matters; * takes slashes, too.
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1/test/object.jpg", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1/2/3/test/4/object.jpg", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1///test///object.jpg", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books//test/object.jpg", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1/test/", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1-test/object.jpg", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/test/object.jpg", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/*/test/*"`, read, "arn:aws:s3:::books/1/2/test.jpg", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::Books/*"`, read, object, false},
		{`"Action": "*", "Resource": "arn:aws:s3:::book?/*"`, read, object, true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books/?"`, read, "arn:aws:s3:::books/é", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::books?/*"`, read, object, false},
		{`"Action": "*", "Resource": "arn:aws:s3:::books"`, read, object, false},
		{`"Action": "*", "Resource": ["arn:aws:s3:::other", "arn:aws:s3:::books/*"]`, read, object, true},
		{`"Action": "*", "Resource": "arn:aws:ec2:*:*:network-interface/*"`, lock, network, true},
		{`"Action": "*", "Resource": "arn:*:ec2:eu-*:1111*3333:*"`, lock, network, true},
		{`"Action": "*", "Resource": "arn:aws:ec2:*:*:instance/*"`, lock, network, false},
		{`"Action": "*", "Resource": "arn:aws:ec2:*:*:*"`, "ec2:DescribeNetworkInterfaces", "*", false},
		{`"Action": "*", "Resource": "*"`, "ec2:DescribeNetworkInterfaces", "*", true},
		// A * that ends its segment goes beyond the colon, another one does not; in
		// the last segment a colon is a character.
		{`"Action": "*", "Resource": "arn:aws:x:*:111122223333:finance/*"`, "x:Y", "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/document.txt", true},
		{`"Action": "*", "Resource": "arn:aws:x:us*2:111122223333:finance"`, "x:Y", "arn:aws:x:us-east-2:111122223333:finance", true},
		{`"Action": "*", "Resource": "arn:aws:x:us*2:111122223333:finance"`, "x:Y", "arn:aws:x:us-east-1:2:111122223333:finance", false},
		{`"Action": "*", "Resource": "arn:aws:x:us?1:2:3"`, "x:Y", "arn:aws:x:us:1:2:3", false},
		{`"Action": "*", "Resource": "arn:aws:x:us?1:2:3"`, "x:Y", "arn:aws:x:us-1:2:3", true},
		{`"Action": "*", "Resource": "arn:aws:logs:*:1:log-group:*x:log-stream?*"`, "x:Y", "arn:aws:logs:r:1:log-group:a:x:log-stream:b", true},

		{`"Action": "*", "NotResource": ["arn:aws:s3:::books", "arn:aws:s3:::books/*"]`, read, object, false},
		{`"Action": "*", "NotResource": ["arn:aws:s3:::books", "arn:aws:s3:::books/*"]`, read, "arn:aws:s3:::other", true},
		{`"Action": "*", "NotResource": "arn:aws:s3:::books/*"`, "s3:ListAllMyBuckets", "*", true},
		{`"Action": "*", "NotResource": "*"`, read, object, false},

		// Variables, as in "IAM policy elements: Variables and tags".
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:username}"`, "iam:X", "arn:aws:iam::1:user/David", true},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${AWS:UserName}-*"`, "iam:X", "arn:aws:iam::1:user/David-x", true},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:username}"`, "iam:X", "arn:aws:iam::1:user/Eve", false},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:username}"`, "iam:X", "arn:aws:iam::1:user/${aws:username}", false},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:userid}"`, "iam:X", "arn:aws:iam::1:user/", false},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:PrincipalTag/empty}"`, "iam:X", "arn:aws:iam::1:user/", false},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:TagKeys}"`, "iam:X", "arn:aws:iam::1:user/x", false},
		{`"Action": "*", "Resource": "arn:aws:iam::1:user/${aws:TagKeys, 'x'}"`, "iam:X", "arn:aws:iam::1:user/x", false},
		{`"Action": "*", "NotResource": "arn:aws:iam::1:user/${aws:userid}"`, "iam:X", "arn:aws:iam::1:user/David", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::b-${aws:PrincipalTag/none, 'company-wide'}"`, read, "arn:aws:s3:::b-company-wide", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::b-${aws:PrincipalTag/empty, 'company-wide'}"`, read, "arn:aws:s3:::b-company-wide", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::b-${aws:username, 'company-wide'}"`, read, "arn:aws:s3:::b-company-wide", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::b-${aws:username, 'company-wide'}"`, read, "arn:aws:s3:::b-David", true},
		// A value's wildcards are characters.
		{`"Action": "*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/Team}"`, read, "arn:aws:s3:::a*b", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/Team}"`, read, "arn:aws:s3:::axb", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::${*}${?}${$}{"`, read, "arn:aws:s3:::*?${", true},
		{`"Action": "*", "Resource": "arn:aws:s3:::${*}"`, read, "arn:aws:s3:::x", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::${?}"`, read, "arn:aws:s3:::x", false},
		{`"Action": "*", "Resource": "arn:aws:s3:::a$b"`, read, "arn:aws:s3:::a$b", true},
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			policies := parse(t, document(`{"Effect": "`+effect+`", `+c.statement+`}`))
			got := iameval.Evaluate(policies, iameval.Request{Action: c.action, Resource: c.resource, Context: context})
			if got.Allowed != (c.want && effect == "Allow") || got.Explicit != (c.want && effect == "Deny") {
				t.Errorf("%s %s: %s on %s: applies should be %v, got %+v", effect, c.statement, c.action, c.resource, c.want, got)
			}
		}
	}
}

// TestOldVersions: "IAM JSON policy elements: Version": variables are literal
// text before 2012-10-17, which is also what a policy without a version is.
func TestOldVersions(t *testing.T) {
	for _, version := range []string{``, `"Version": "2008-10-17", `} {
		policies := parse(t, `{`+version+`"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:iam::1:user/${aws:username}"}}`)
		for name, want := range map[string]bool{"David": false, "${aws:username}": true} {
			request := iameval.Request{Action: "iam:X", Resource: "arn:aws:iam::1:user/" + name, Context: map[string][]string{"aws:username": {"David"}}}
			if got := iameval.Evaluate(policies, request); got.Allowed != want {
				t.Errorf("{%s}: %s: got %+v, want %v", version, name, got, want)
			}
		}
	}
}

// TestConditions has the cases of "IAM JSON policy elements: Condition
// operators", "Conditions with multiple context keys or values" and
// "Single-valued vs. multivalued context keys". The request's key is "x:Key",
// and "-" says that it is absent; "met" and "unmet" are what the condition is,
// and "open" what the documentation does not decide.
func TestConditions(t *testing.T) {
	const absent = "-"
	for _, c := range []struct {
		operator, values string
		request          []string
		want             string
	}{
		{`StringEquals`, `"abc"`, []string{"abc"}, "met"},
		{`StringEquals`, `"abc"`, []string{"ABC"}, "unmet"},
		{`StringEquals`, `"a*"`, []string{"abc"}, "unmet"},
		{`StringEquals`, `"a*"`, []string{"a*"}, "met"},
		{`StringEquals`, `"a?c"`, []string{"abc"}, "unmet"},
		{`StringEquals`, `["x", "abc"]`, []string{"abc"}, "met"},
		{`StringEquals`, `["x", "y"]`, []string{"abc"}, "unmet"},
		{`StringEquals`, `"abc"`, []string{absent}, "unmet"},
		{`StringEquals`, `"abc"`, []string{}, "unmet"},
		{`StringEquals`, `""`, []string{""}, "met"},
		{`StringEquals`, `"abc"`, []string{"abc", "x"}, "open"},
		{`StringEquals`, `10`, []string{"10"}, "met"},
		{`StringEquals`, `true`, []string{"true"}, "met"},
		{`StringNotEquals`, `"abc"`, []string{"abc"}, "unmet"},
		{`StringNotEquals`, `"abc"`, []string{"ABC"}, "met"},
		{`StringNotEquals`, `["x", "abc"]`, []string{"abc"}, "unmet"}, // NOR
		{`StringNotEquals`, `["x", "y"]`, []string{"abc"}, "met"},
		{`StringNotEquals`, `"abc"`, []string{absent}, "met"},
		{`StringNotEquals`, `"abc"`, []string{"x", "y"}, "open"},
		{`StringEqualsIgnoreCase`, `"aBc"`, []string{"AbC"}, "met"},
		{`StringEqualsIgnoreCase`, `"a*"`, []string{"abc"}, "unmet"},
		{`StringEqualsIgnoreCase`, `"abc"`, []string{absent}, "unmet"},
		{`StringNotEqualsIgnoreCase`, `"aBc"`, []string{"AbC"}, "unmet"},
		{`StringNotEqualsIgnoreCase`, `"aBc"`, []string{"AbCd"}, "met"},
		{`StringNotEqualsIgnoreCase`, `"aBc"`, []string{absent}, "met"},
		{`StringLike`, `"a*c"`, []string{"abbc"}, "met"},
		{`StringLike`, `"a?c"`, []string{"abbc"}, "unmet"},
		{`StringLike`, `"a*c"`, []string{"ABC"}, "unmet"},
		{`StringLike`, `"*"`, []string{""}, "met"},
		{`StringLike`, `"*"`, []string{absent}, "unmet"},
		{`StringLike`, `["", "home/", "home/${aws:username}/"]`, []string{"home/David/"}, "met"},
		{`StringLike`, `["", "home/", "home/${aws:username}/"]`, []string{""}, "met"},
		{`StringLike`, `["", "home/", "home/${aws:username}/"]`, []string{"home/Eve/"}, "unmet"},
		{`StringLike`, `"arn:aws:x:*:1:finance/*"`, []string{"arn:aws:x:us:9:store/abc:1:finance/d"}, "met"},
		{`StringNotLike`, `"a*c"`, []string{"abbc"}, "unmet"},
		{`StringNotLike`, `"a*c"`, []string{"abb"}, "met"},
		{`StringNotLike`, `["a*", "*b"]`, []string{"xb"}, "unmet"},
		{`StringNotLike`, `"a*c"`, []string{absent}, "met"},

		// Variables, and variables with no value.
		{`StringEquals`, `"${aws:username}"`, []string{"David"}, "met"},
		{`StringEquals`, `"x-${AWS:Username}-x"`, []string{"x-David-x"}, "met"},
		{`StringEquals`, `"${aws:userid}"`, []string{""}, "unmet"},
		{`StringEquals`, `["${aws:userid}", "abc"]`, []string{"abc"}, "met"},
		{`StringEquals`, `"${aws:userid, 'none'}"`, []string{"none"}, "met"},
		{`StringEquals`, `"${$}{aws:username}"`, []string{"${aws:username}"}, "met"},
		{`StringEqualsIgnoreCase`, `"${aws:username}"`, []string{"david"}, "met"},
		{`StringEqualsIgnoreCase`, `"${aws:userid}"`, []string{""}, "unmet"},
		{`StringNotEquals`, `"${aws:userid}"`, []string{"David"}, "met"},
		{`StringNotEquals`, `"${aws:username}"`, []string{"David"}, "unmet"},
		{`StringLike`, `"${aws:userid}*"`, []string{"x"}, "unmet"},
		{`StringNotLike`, `"${aws:userid}*"`, []string{"x"}, "met"},
		{`StringLike`, `"${*}"`, []string{"x"}, "unmet"},
		{`StringLike`, `"${*}*"`, []string{"*x"}, "met"},

		{`NumericEquals`, `"10"`, []string{"10.0"}, "met"},
		{`NumericEquals`, `10`, []string{"10"}, "met"},
		{`NumericEquals`, `"9007199254740993"`, []string{"9007199254740992"}, "unmet"}, // a float64 would say yes
		{`NumericEquals`, `"10"`, []string{absent}, "unmet"},
		{`NumericEquals`, `"10"`, []string{"ten"}, "open"},
		{`NumericEquals`, `["9", "10"]`, []string{"10"}, "met"},
		{`NumericNotEquals`, `"10"`, []string{"10.0"}, "unmet"},
		{`NumericNotEquals`, `"10"`, []string{"11"}, "met"},
		{`NumericNotEquals`, `"10"`, []string{absent}, "met"},
		{`NumericNotEquals`, `"10"`, []string{"ten"}, "open"},
		{`NumericLessThan`, `"10"`, []string{"9"}, "met"},
		{`NumericLessThan`, `"10"`, []string{"10"}, "unmet"},
		{`NumericLessThan`, `"10"`, []string{absent}, "unmet"},
		{`NumericLessThan`, `"-1.5"`, []string{"-2"}, "met"},
		{`NumericLessThanEquals`, `"10"`, []string{"10"}, "met"},
		{`NumericLessThanEquals`, `"10"`, []string{"10.01"}, "unmet"},
		{`NumericGreaterThan`, `"10"`, []string{"10"}, "unmet"},
		{`NumericGreaterThan`, `"10"`, []string{"11"}, "met"},
		{`NumericGreaterThan`, `"10"`, []string{absent}, "unmet"},
		{`NumericGreaterThanEquals`, `"10"`, []string{"10"}, "met"},
		{`NumericGreaterThanEquals`, `"10"`, []string{"9"}, "unmet"},

		{`DateEquals`, `"2026-01-31T12:00:00Z"`, []string{"2026-01-31T13:00:00+01:00"}, "met"},
		{`DateEquals`, `"2026-01-31T12:00Z"`, []string{"2026-01-31T12:00:00.0Z"}, "met"},
		{`DateEquals`, `"2026-01-31"`, []string{"2026-01-31T00:00:00Z"}, "met"},
		{`DateEquals`, `"2026"`, []string{"2026-01"}, "met"},
		{`DateEquals`, `"1577836801"`, []string{"2020-01-01T00:00:01Z"}, "met"},
		{`DateEquals`, `1577836801`, []string{"2020-01-01T00:00:01Z"}, "met"},
		{`DateEquals`, `"2026-01-31"`, []string{absent}, "unmet"},
		{`DateEquals`, `"2026-01-31"`, []string{"yesterday"}, "open"},
		{`DateNotEquals`, `"2026-01-31"`, []string{"2026-01-31"}, "unmet"},
		{`DateNotEquals`, `"2026-01-31"`, []string{absent}, "met"},
		{`DateLessThan`, `"2026-01-31"`, []string{"2026-01-30"}, "met"},
		{`DateLessThan`, `"2026-01-31"`, []string{"2026-01-31"}, "unmet"},
		{`DateLessThanEquals`, `"2026-01-31"`, []string{"2026-01-31"}, "met"},
		{`DateLessThanEquals`, `"2026-01-31"`, []string{"2026-02-01"}, "unmet"},
		{`DateGreaterThan`, `"2020-01-01T00:00:01Z"`, []string{"2026-01-31"}, "met"},
		{`DateGreaterThan`, `"2020-01-01T00:00:01Z"`, []string{"2020-01-01T00:00:01Z"}, "unmet"},
		{`DateGreaterThan`, `"2020-01-01T00:00:01Z"`, []string{absent}, "unmet"},
		{`DateGreaterThanEquals`, `"2026-01-31"`, []string{"2026-01-31"}, "met"},
		{`DateGreaterThanEquals`, `"2026-01-31"`, []string{"2026-01-30"}, "unmet"},

		{`Bool`, `"true"`, []string{"true"}, "met"},
		{`Bool`, `true`, []string{"true"}, "met"},
		{`Bool`, `false`, []string{"true"}, "unmet"},
		{`Bool`, `"false"`, []string{absent}, "unmet"},
		{`Bool`, `"false"`, []string{"no"}, "open"},
		{`Bool`, `"${x:Other}"`, []string{"true"}, "met"},
		{`Bool`, `"${x:Other}"`, []string{"false"}, "unmet"},
		{`BinaryEquals`, `"QmluYXJ5VmFsdWVJbkJhc2U2NA=="`, []string{"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, "met"},
		{`BinaryEquals`, `"QmluYXJ5"`, []string{"QmluYXJ6"}, "unmet"},
		{`BinaryEquals`, `"QmluYXJ5"`, []string{absent}, "unmet"},
		{`BinaryEquals`, `"QmluYXJ5"`, []string{"-no-"}, "open"},

		{`IpAddress`, `"203.0.113.0/24"`, []string{"203.0.113.255"}, "met"},
		{`IpAddress`, `"203.0.113.0/24"`, []string{"203.0.114.0"}, "unmet"},
		{`IpAddress`, `"203.0.113.7"`, []string{"203.0.113.7"}, "met"},
		{`IpAddress`, `"203.0.113.7"`, []string{"203.0.113.6"}, "unmet"},
		{`IpAddress`, `["203.0.113.0/24", "2001:DB8:1234:5678::/64"]`, []string{"2001:db8:1234:5678::1"}, "met"},
		{`IpAddress`, `["203.0.113.0/24", "2001:DB8:1234:5678::/64"]`, []string{"2001:db8:1234:5679::1"}, "unmet"},
		{`IpAddress`, `"203.0.113.0/24"`, []string{absent}, "unmet"},
		{`IpAddress`, `"203.0.113.0/24"`, []string{"cloudformation.amazonaws.com"}, "open"},
		{`NotIpAddress`, `"203.0.113.0/24"`, []string{"203.0.113.255"}, "unmet"},
		{`NotIpAddress`, `"203.0.113.0/24"`, []string{"203.0.114.0"}, "met"},
		{`NotIpAddress`, `"203.0.113.0/24"`, []string{absent}, "met"},

		// ARNs are compared segment by segment; Equals and Like are the same.
		{`ArnLike`, `"arn:aws:x:*:1:finance/*"`, []string{"arn:aws:x:us:1:finance/d"}, "met"},
		{`ArnLike`, `"arn:aws:x:*:1:finance/*"`, []string{"arn:aws:x:us:9:store/abc:1:finance/d"}, "unmet"},
		{`ArnLike`, `"arn:aws:x:us:1:finance/*"`, []string{"arn:aws:x:us:1:finance/a:b"}, "met"},
		{`ArnEquals`, `"arn:aws:x:*:?:finance/*"`, []string{"arn:aws:x:us:1:finance/d"}, "met"},
		{`ArnEquals`, `"arn:aws:x:*:1:Finance"`, []string{"arn:aws:x:us:1:finance"}, "unmet"},
		{`ArnEquals`, `"arn:aws:x:us:1:f"`, []string{"arn:aws:x:us:1"}, "unmet"},
		{`ArnEquals`, `"arn:aws:x:us:1:f"`, []string{absent}, "unmet"},
		{`ArnEquals`, `"arn:aws:iam::1:user/${aws:username}"`, []string{"arn:aws:iam::1:user/David"}, "met"},
		{`ArnEquals`, `"${x:Arn}"`, []string{"arn:aws:x:us:1:f"}, "met"},
		{`ArnEquals`, `"${aws:username}"`, []string{"David"}, "unmet"},
		{`ArnNotEquals`, `"arn:aws:x:us:1:f"`, []string{"arn:aws:x:us:1:f"}, "unmet"},
		{`ArnNotEquals`, `"arn:aws:x:us:1:f"`, []string{"arn:aws:x:us:1:g"}, "met"},
		{`ArnNotLike`, `"arn:aws:x:us:1:*"`, []string{"arn:aws:x:us:1:g"}, "unmet"},
		{`ArnNotLike`, `"arn:aws:x:us:1:*"`, []string{absent}, "met"},

		{`Null`, `"true"`, []string{absent}, "met"},
		{`Null`, `"true"`, []string{}, "met"},
		{`Null`, `"true"`, []string{""}, "met"},
		{`Null`, `"true"`, []string{"x"}, "unmet"},
		{`Null`, `"false"`, []string{"x"}, "met"},
		{`Null`, `"false"`, []string{"", "x"}, "met"},
		{`Null`, `false`, []string{absent}, "unmet"},
		{`Null`, `["true", "false"]`, []string{absent}, "met"},
		{`Null`, `["true", "false"]`, []string{"x"}, "met"},

		{`StringEqualsIfExists`, `"abc"`, []string{absent}, "met"},
		{`StringEqualsIfExists`, `"abc"`, []string{"abc"}, "met"},
		{`StringEqualsIfExists`, `"abc"`, []string{"x"}, "unmet"},
		{`StringEqualsIfExists`, `"abc"`, []string{""}, "unmet"},
		{`StringNotEqualsIfExists`, `"abc"`, []string{absent}, "met"},
		{`StringNotEqualsIfExists`, `"abc"`, []string{"abc"}, "unmet"},
		{`StringLikeIfExists`, `["t1.*", "t2.*", "m3.*"]`, []string{"t2.micro"}, "met"},
		{`StringLikeIfExists`, `["t1.*", "t2.*", "m3.*"]`, []string{"c5.large"}, "unmet"},
		{`NumericLessThanIfExists`, `"10"`, []string{absent}, "met"},
		{`BoolIfExists`, `"false"`, []string{absent}, "met"},
		{`IpAddressIfExists`, `"203.0.113.0/24"`, []string{absent}, "met"},
		{`ArnLikeIfExists`, `"arn:aws:x:us:1:*"`, []string{absent}, "met"},
		{`DateLessThanIfExists`, `"2026"`, []string{absent}, "met"},

		// The tables of "Single-valued vs. multivalued context keys".
		{`ForAllValues:StringEquals`, `["PostDateTime", "Message", "Tags"]`, []string{"PostDateTime", "UserName"}, "unmet"},
		{`ForAllValues:StringEquals`, `["PostDateTime", "Message", "Tags"]`, []string{"PostDateTime", "Tags"}, "met"},
		{`ForAllValues:StringEquals`, `["PostDateTime", "Message", "Tags"]`, []string{"Tags"}, "met"},
		{`ForAllValues:StringEquals`, `"Tags"`, []string{absent}, "met"},
		{`ForAllValues:StringEquals`, `"Tags"`, []string{}, "met"},
		{`ForAllValues:StringEquals`, `"Tags"`, []string{""}, "met"},
		{`ForAllValues:StringEquals`, `"Tags"`, []string{"", "x"}, "unmet"},
		{`ForAllValues:StringLike`, `"Created*"`, []string{"CreatedBy", "CreatedAt"}, "met"},
		{`ForAllValues:StringLike`, `"Created*"`, []string{"CreatedBy", "Owner"}, "unmet"},
		{`ForAllValues:StringNotEquals`, `["DataClass", "Owner"]`, []string{"Dept", "SIC"}, "met"},
		{`ForAllValues:StringNotEquals`, `["DataClass", "Owner"]`, []string{"Dept", "Owner"}, "unmet"},
		{`ForAllValues:StringNotEquals`, `["DataClass", "Owner"]`, []string{absent}, "met"},
		{`ForAllValues:StringEqualsIfExists`, `"Tags"`, []string{absent}, "met"},
		{`ForAllValues:NumericLessThan`, `"10"`, []string{"9", "many"}, "open"},
		{`ForAllValues:NumericLessThan`, `"10"`, []string{"11", "many"}, "unmet"},
		{`ForAnyValue:StringEquals`, `["ID", "PostDateTime"]`, []string{"UserName", "Message", "PostDateTime"}, "met"},
		{`ForAnyValue:StringEquals`, `["ID", "PostDateTime"]`, []string{"UserName"}, "unmet"},
		{`ForAnyValue:StringEquals`, `"ID"`, []string{absent}, "unmet"},
		{`ForAnyValue:StringEquals`, `"ID"`, []string{""}, "unmet"},
		{`ForAnyValue:StringLike`, `"*"`, []string{""}, "unmet"},
		{`ForAnyValue:StringNotEquals`, `["DataClass", "Owner"]`, []string{"DataClass", "Owner"}, "unmet"},
		{`ForAnyValue:StringNotEquals`, `["DataClass", "Owner"]`, []string{"Dept", "DataClass"}, "met"},
		{`ForAnyValue:StringNotEquals`, `["DataClass", "Owner"]`, []string{absent}, "unmet"},
		{`ForAnyValue:StringEqualsIfExists`, `"ID"`, []string{absent}, "open"},
		{`ForAnyValue:StringEqualsIfExists`, `"ID"`, []string{"ID"}, "met"},
		{`ForAnyValue:NumericLessThan`, `"10"`, []string{"9", "many"}, "met"},
		{`ForAnyValue:NumericLessThan`, `"10"`, []string{"11", "many"}, "open"},
	} {
		context := map[string][]string{"aws:username": {"David"}, "x:Other": {"true"}, "x:Arn": {"arn:aws:x:us:1:f"}}
		if len(c.request) != 1 || c.request[0] != absent {
			context["X:key"] = c.request
		}
		got := condition(t, fmt.Sprintf(`{%q: {"x:Key": %s}}`, c.operator, c.values), context)
		if got != c.want {
			t.Errorf("%s %s of %q is %s, want %s", c.operator, c.values, c.request, got, c.want)
		}
	}
}

// condition says what a Condition is, by what it does to an Allow and to a Deny.
func condition(t *testing.T, text string, context map[string][]string) string {
	t.Helper()
	rest := `"Action": "*", "Resource": "*", "Condition": ` + text + `}`
	request := iameval.Request{Action: "x:Y", Resource: "*", Context: context}
	allows := iameval.Evaluate(parse(t, document(`{"Effect": "Allow", `+rest)), request)
	denies := iameval.Evaluate(parse(t, document(`{"Effect": "Deny", `+rest)), request)
	switch {
	case allows.Allowed && denies.Explicit:
		return "met"
	case !allows.Allowed && !denies.Explicit:
		return "unmet"
	case !allows.Allowed && denies.Explicit:
		if !strings.Contains(allows.Reason, "cannot be decided") || !strings.Contains(denies.Reason, "cannot be decided") {
			t.Errorf("%s: the reasons do not say that it is open: %q, %q", text, allows.Reason, denies.Reason)
		}
		return "open"
	default:
		return "wrong"
	}
}

// TestConditionsTogether: "Conditions with multiple context keys or values":
// operators and keys are ANDed.
func TestConditionsTogether(t *testing.T) {
	const (
		block = `{"StringEquals": {"x:A": ["1", "2"], "x:B": "1"}, "Bool": {"x:C": "true"}}`
		unset = "-"
	)
	for _, c := range []struct {
		a, b, c, want string
	}{
		{"1", "1", "true", "met"},
		{"2", "1", "true", "met"},
		{"3", "1", "true", "unmet"},
		{"1", "2", "true", "unmet"},
		{"1", "1", "false", "unmet"},
		{"1", "1", unset, "unmet"},
		{"1", "1", "perhaps", "open"},
		{"1", "2", "perhaps", "unmet"}, // whatever the third is
	} {
		context := map[string][]string{"x:A": {c.a}, "x:B": {c.b}, "x:C": {c.c}}
		if c.c == unset {
			delete(context, "x:C")
		}
		if got := condition(t, block, context); got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}

// TestWildcardsTakeNoLongerThanTheyAreLong: patterns that make a backtracking
// matcher try everything.
func TestWildcardsTakeNoLongerThanTheyAreLong(t *testing.T) {
	block := `{"StringLike": {"x:Key": "` + strings.Repeat("a*", 100) + `b"}}`
	if got := condition(t, block, map[string][]string{"x:Key": {strings.Repeat("a", 2000)}}); got != "unmet" {
		t.Errorf("it is %s", got)
	}
}

// TestRequestsThatAreNone: a test that expects a denial must not pass because
// the request is misspelt.
func TestRequestsThatAreNone(t *testing.T) {
	for want, request := range map[string]iameval.Request{
		`iameval: Request.Action must be service:Action, got "AttachNetworkInterface"`: {Action: "AttachNetworkInterface", Resource: "*"},
		`iameval: Request.Action must be service:Action, got "ec2:*"`:                  {Action: "ec2:*", Resource: "*"},
		`iameval: Request.Action must be service:Action, got ""`:                       {Resource: "*"},
		`iameval: Request.Resource must be an ARN or "*", got ""`:                      {Action: read},
		`iameval: Request.Resource must be an ARN or "*", got "eni-1"`:                 {Action: read, Resource: "eni-1"},
		`iameval: Request.Resource must be an ARN or "*", got "arn:aws:ec2:eni-1"`:     {Action: read, Resource: "arn:aws:ec2:eni-1"},
		`iameval: Request.Resource must be an ARN or "*", got "urn:aws:s3:::books"`:    {Action: read, Resource: "urn:aws:s3:::books"},
		`iameval: Request.Context must have keys such as "aws:RequestedRegion", got "region"`: {
			Action: read, Resource: "*", Context: map[string][]string{"region": {"x"}},
		},
	} {
		if got := panics(request); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	twice := iameval.Request{Action: read, Resource: "*", Context: map[string][]string{"aws:username": {"x"}, "aws:UserName": {"y"}}}
	if got := panics(twice); !strings.HasSuffix(got, "in two spellings") {
		t.Errorf("got %q", got)
	}
}

// panics is what Evaluate panics with.
func panics(request iameval.Request) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	iameval.Evaluate(nil, request)
	return ""
}
