package iameval

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// verdict is whether a condition or a statement applies.
type verdict int

const (
	no verdict = iota
	yes
	open // the documentation does not say
)

func of(applies bool) verdict {
	if applies {
		return yes
	}
	return no
}

func (v verdict) not() verdict {
	switch v {
	case yes:
		return no
	case no:
		return yes
	default:
		return open
	}
}

// either is yes when one is, and open when that hangs on an open one.
func either(verdicts []verdict) verdict {
	switch {
	case slices.Contains(verdicts, yes):
		return yes
	case slices.Contains(verdicts, open):
		return open
	default:
		return no
	}
}

// all is the same for "and".
func all(verdicts []verdict) verdict {
	switch {
	case slices.Contains(verdicts, no):
		return no
	case slices.Contains(verdicts, open):
		return open
	default:
		return yes
	}
}

// test compares one value of the request with one of the policy.
type test func(value string, context values) verdict

// comparison makes the test of a value in the policy, or says what is wrong with
// the value.
type comparison func(text string, variables bool) (test, error)

// operator is a condition operator without prefix and suffix.
type operator struct {
	compare comparison
	// negated operators are true of what the comparison is not true of.
	negated bool
}

// operators are those of "IAM JSON policy elements: Condition operators", except
// Null.
var operators = map[string]operator{
	"StringEquals":              {compare: stringEquals},
	"StringNotEquals":           {compare: stringEquals, negated: true},
	"StringEqualsIgnoreCase":    {compare: stringEqualsIgnoreCase},
	"StringNotEqualsIgnoreCase": {compare: stringEqualsIgnoreCase, negated: true},
	"StringLike":                {compare: stringLike},
	"StringNotLike":             {compare: stringLike, negated: true},

	"NumericEquals":            {compare: numeric(func(order int) bool { return order == 0 })},
	"NumericNotEquals":         {compare: numeric(func(order int) bool { return order == 0 }), negated: true},
	"NumericLessThan":          {compare: numeric(func(order int) bool { return order < 0 })},
	"NumericLessThanEquals":    {compare: numeric(func(order int) bool { return order <= 0 })},
	"NumericGreaterThan":       {compare: numeric(func(order int) bool { return order > 0 })},
	"NumericGreaterThanEquals": {compare: numeric(func(order int) bool { return order >= 0 })},

	"DateEquals":            {compare: date(func(order int) bool { return order == 0 })},
	"DateNotEquals":         {compare: date(func(order int) bool { return order == 0 }), negated: true},
	"DateLessThan":          {compare: date(func(order int) bool { return order < 0 })},
	"DateLessThanEquals":    {compare: date(func(order int) bool { return order <= 0 })},
	"DateGreaterThan":       {compare: date(func(order int) bool { return order > 0 })},
	"DateGreaterThanEquals": {compare: date(func(order int) bool { return order >= 0 })},

	"Bool":         {compare: boolean},
	"BinaryEquals": {compare: binary},
	"IpAddress":    {compare: address},
	"NotIpAddress": {compare: address, negated: true},

	// The Equals and the Like of ARNs "behave identically".
	"ArnEquals":    {compare: arnLike},
	"ArnLike":      {compare: arnLike},
	"ArnNotEquals": {compare: arnLike, negated: true},
	"ArnNotLike":   {compare: arnLike, negated: true},
}

type quantifier string

const (
	single quantifier = ""
	every  quantifier = "ForAllValues:"
	some   quantifier = "ForAnyValue:"
)

// condition is one key under one operator.
type condition struct {
	// name is the operator as it is written, key the key likewise.
	name, key  string
	operator   operator
	quantifier quantifier
	ifExists   bool
	// null are the values of a Null condition, which has no tests.
	null  []bool
	tests []test
}

// newCondition reads the operator; key and values come later.
func newCondition(name string) (condition, error) {
	c := condition{name: name}
	rest := name
	for _, q := range []quantifier{every, some} {
		if after, found := strings.CutPrefix(name, string(q)); found {
			c.quantifier, rest = q, after
		}
	}
	// "… Condition operators", section "…IfExists": on any operator except Null.
	rest, c.ifExists = strings.CutSuffix(rest, "IfExists")
	if rest == "Null" {
		if name != "Null" {
			return c, errors.New("is Null, which takes no prefix and no suffix")
		}
		c.null = []bool{}
		return c, nil
	}
	var known bool
	if c.operator, known = operators[rest]; !known {
		return c, errors.New("is not a condition operator")
	}
	return c, nil
}

// add reads one value.
func (c *condition) add(text string, variables bool) error {
	if c.null != nil {
		// "… to check existence of condition keys": true or false, no variable.
		if text != "true" && text != "false" {
			return errors.New(`must be "true" or "false"`)
		}
		c.null = append(c.null, text == "true")
		return nil
	}
	compiled, err := c.operator.compare(text, variables)
	c.tests = append(c.tests, compiled)
	return err
}

// judge says whether the request meets the condition, and if not, why.
func (c condition) judge(context values) (verdict, string) {
	present := context[strings.ToLower(c.key)]
	result := c.decide(present, context)
	switch {
	case result == yes:
		return yes, ""
	case result == no && len(present) == 0:
		return no, fmt.Sprintf("%s on %s is not met, the request has no such key", c.name, c.key)
	case result == no:
		return no, fmt.Sprintf("%s on %s is not met by %q", c.name, c.key, present)
	case len(present) == 0:
		return open, fmt.Sprintf("%s on %s cannot be decided without the key", c.name, c.key)
	case len(present) > 1 && c.quantifier == single:
		return open, fmt.Sprintf("%s on %s cannot be decided, several values need ForAllValues or ForAnyValue", c.name, c.key)
	default:
		return open, fmt.Sprintf("%s on %s cannot be decided for %q", c.name, c.key, present)
	}
}

func (c condition) decide(present []string, context values) verdict {
	// "IAM JSON policy elements: Condition", section "The request context": an
	// empty string is null, too.
	null := !slices.ContainsFunc(present, func(value string) bool { return value != "" })
	if c.null != nil {
		return of(slices.Contains(c.null, null))
	}
	if len(present) == 0 {
		return c.decideAbsent()
	}
	// "Single-valued vs. multivalued context keys": ForAllValues is true of a null
	// data set, such as an empty string, and ForAnyValue is false.
	if null && c.quantifier != single {
		return of(c.quantifier == every)
	}
	verdicts := make([]verdict, len(present))
	for i, value := range present {
		verdicts[i] = c.compare(value, context)
	}
	switch {
	case c.quantifier == every:
		return all(verdicts)
	case c.quantifier == some || len(present) == 1:
		return either(verdicts)
	default:
		return open
	}
}

// decideAbsent decides on a request without the key.
func (c condition) decideAbsent() verdict {
	switch {
	case c.ifExists && c.quantifier == some:
		// The page on operators says true and the page on multivalued keys false.
		return open
	case c.ifExists:
		// "… Condition operators", section "…IfExists".
		return yes
	case c.quantifier != single:
		// "Single-valued vs. multivalued context keys".
		return of(c.quantifier == every)
	default:
		// "… Condition operators", the box "Important".
		return of(c.operator.negated)
	}
}

// compare tests one value of the request. "Conditions with multiple context keys
// or values": the policy's values are ORed, and those of a negated operator
// NORed.
func (c condition) compare(value string, context values) verdict {
	verdicts := make([]verdict, len(c.tests))
	for i, test := range c.tests {
		verdicts[i] = test(value, context)
	}
	if c.operator.negated {
		return either(verdicts).not()
	}
	return either(verdicts)
}

// withPattern is the comparison of strings and ARNs, which have variables. A
// variable without a value makes it false, and a negated operator true.
func withPattern(wildcards bool, check func(p pattern) error, compare func(p pattern, value string) bool) comparison {
	return func(text string, variables bool) (test, error) {
		compiled, err := compile(text, syntax{wildcards: wildcards, variables: variables})
		if err == nil {
			err = check(compiled)
		}
		if err != nil {
			return nil, err
		}
		return func(value string, context values) verdict {
			resolved, ok := compiled.resolve(context)
			return of(ok && compare(resolved, value))
		}, nil
	}
}

var (
	stringEquals           = withPattern(false, anyString, pattern.matches)
	stringEqualsIgnoreCase = withPattern(false, anyString, pattern.equalFold)
	stringLike             = withPattern(true, anyString, pattern.matches)
	arnLike                = withPattern(true, anARN, pattern.matchesARN)
)

func anyString(pattern) error { return nil }

// anARN refuses what can be no ARN; what has a variable shows only with the
// request whether it is one.
func anARN(p pattern) error {
	if p.hasVariable() {
		return nil
	}
	return checkARN(p.segments())
}

// number is an integer or a decimal, as the page says; no exponent.
var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func readNumber(text string) (*big.Rat, bool) {
	if !number.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// numeric compares the request's number with the policy's.
func numeric(right func(order int) bool) comparison {
	return func(text string, _ bool) (test, error) {
		want, ok := readNumber(text)
		if !ok {
			return nil, errors.New("must be a number")
		}
		return func(value string, _ values) verdict {
			got, ok := readNumber(value)
			if !ok {
				return open
			}
			return of(right(got.Cmp(want)))
		}, nil
	}
}

// dateLayouts are the W3C's forms of ISO 8601; Go reads fractions of a second
// without being told.
var dateLayouts = []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"}

// readDate reads one of the W3C's forms, or seconds since 1970. Four digits are
// a year.
func readDate(text string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if result, err := time.Parse(layout, text); err == nil {
			return result, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// date compares the request's time with the policy's.
func date(right func(order int) bool) comparison {
	return func(text string, _ bool) (test, error) {
		want, ok := readDate(text)
		if !ok {
			return nil, errors.New("must be a date such as 2026-01-31T00:00:00Z, or seconds since 1970")
		}
		return func(value string, _ values) verdict {
			got, ok := readDate(value)
			if !ok {
				return open
			}
			return of(right(got.Compare(want)))
		}, nil
	}
}

// boolean takes a variable: the page on operators says so, although the page on
// variables does not.
func boolean(text string, variables bool) (test, error) {
	compiled, err := compile(text, syntax{variables: variables})
	if err == nil && !compiled.hasVariable() && text != "true" && text != "false" {
		err = errors.New(`must be "true" or "false"`)
	}
	if err != nil {
		return nil, err
	}
	return func(value string, context values) verdict {
		if value != "true" && value != "false" {
			return open
		}
		resolved, ok := compiled.resolve(context)
		return of(ok && resolved.matches(value))
	}, nil
}

// binary compares bytes; both sides write them in base 64.
func binary(text string, _ bool) (test, error) {
	want, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("must be base64")
	}
	return func(value string, _ values) verdict {
		got, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return open
		}
		return of(bytes.Equal(got, want))
	}, nil
}

// address compares the request's IP address with the policy's range. An address
// without a prefix length is /32; for IPv6, where that would be a range, it must
// be written.
func address(text string, _ bool) (test, error) {
	if !strings.Contains(text, "/") && !strings.Contains(text, ":") {
		text += "/32"
	}
	want, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, errors.New("must be a range such as 203.0.113.0/24 or 2001:db8::/64")
	}
	return func(value string, _ values) verdict {
		got, err := netip.ParseAddr(value)
		if err != nil {
			return open
		}
		return of(want.Contains(got))
	}, nil
}
