package iameval

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// arnFields are arn, partition, service, region, account and resource. The last
// may hold colons itself.
const arnFields = 6

type kind int

const (
	char     kind = iota // one character, itself
	one                  // ?: any character
	star                 // *: any characters, or none
	variable             // ${key}: the request's value of the key
)

// token is one step of a pattern.
type token struct {
	kind kind
	char rune
	// within keeps a wildcard inside of its segment: it matches no colon.
	within bool
	// key is the variable's, in lower case; fallback is what stands for it when it
	// has no value, if anything does.
	key      string
	fallback *string
}

type pattern []token

// syntax is what a text may hold besides characters.
type syntax struct {
	// wildcards are * and ?.
	wildcards bool
	// variables are ${…}. "IAM JSON policy elements: Version": before 2012-10-17
	// they are literal text.
	variables bool
}

const keyText = `[A-Za-z0-9._/-]+:[\pL\pN_./=+@-][\pL\pN _.:/=+@-]*`

var (
	// conditionKey is a prefix, a colon and a name, which may be a tag's.
	conditionKey = regexp.MustCompile(`^` + keyText + `$`)
	// policyVariable is a key, with a default value if wanted. "IAM policy
	// elements: Variables and tags", section "Specifying default values": in
	// single quotes, after a comma and a space.
	policyVariable = regexp.MustCompile(`^(` + keyText + `)(?:, '([^']*)')?$`)
)

// compile reads a text as a pattern.
func compile(text string, with syntax) (pattern, error) {
	var result pattern
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		t := token{kind: char, char: runes[i]}
		switch {
		case with.wildcards && t.char == '*':
			t.kind = star
		case with.wildcards && t.char == '?':
			t.kind = one
		case with.variables && t.char == '$' && i+1 < len(runes) && runes[i+1] == '{':
			length := slices.Index(runes[i:], '}')
			if length < 0 {
				return nil, errors.New("has a variable without its closing brace")
			}
			inside := string(runes[i+2 : i+length])
			i += length
			var err error
			if t, err = compileVariable(inside); err != nil {
				return nil, err
			}
		}
		result = append(result, t)
	}
	return result, nil
}

// compileVariable reads what stands between the braces.
func compileVariable(inside string) (token, error) {
	// "IAM policy elements: Variables and tags", section "Special characters".
	if inside == "*" || inside == "?" || inside == "$" {
		return token{kind: char, char: rune(inside[0])}, nil
	}
	match := policyVariable.FindStringSubmatchIndex(inside)
	if match == nil {
		return token{}, fmt.Errorf("has ${%s}, which is no policy variable; a template's placeholders must be filled in first", inside)
	}
	t := token{kind: variable, key: strings.ToLower(inside[match[2]:match[3]])}
	if match[4] >= 0 {
		fallback := inside[match[4]:match[5]]
		t.fallback = &fallback
	}
	return t, nil
}

// compileAction reads an action.
//
// "Grammar of the IAM JSON policy language": * alone, or a service, a colon and
// a name that may have wildcards. "IAM JSON policy elements: Action": case does
// not matter, so the pattern is in lower case and wants an action in lower case.
func compileAction(text string) (pattern, error) {
	if !policyAction.MatchString(text) {
		return nil, errors.New(`must be "*" or service:Action, with wildcards in the action only`)
	}
	return compile(strings.ToLower(text), syntax{wildcards: true})
}

var policyAction = regexp.MustCompile(`^(\*|[A-Za-z0-9-]+:[A-Za-z0-9_*?-]+)$`)

// compileResource reads an ARN with wildcards and variables.
//
// "IAM JSON policy elements: Resource": * stands for any characters, also
// slashes; within a segment for those of the segment, and as a segment's last
// character for those beyond its colon as well. The service has no wildcard.
// "IAM policy elements: Variables and tags": a variable stands after the fifth
// colon only. (Of the 1,641 policies that AWS manages, one does otherwise.)
func compileResource(text string, variables bool) (pattern, error) {
	if text == "*" {
		return compile(text, syntax{wildcards: true})
	}
	result, err := compile(text, syntax{wildcards: true, variables: variables})
	if err != nil {
		return nil, err
	}
	segments := result.segments()
	if err := checkARN(segments); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(segments[2], func(t token) bool { return t.kind != char }) {
		return nil, errors.New("must name the service without wildcards")
	}
	position := 0
	for _, segment := range segments[:arnFields-1] {
		for i, t := range segment {
			if t.kind == variable {
				return nil, errors.New("has a variable before the fifth colon")
			}
			result[position+i].within = t.kind == one || t.kind == star && i < len(segment)-1
		}
		position += len(segment) + 1
	}
	return result, nil
}

// checkARN refuses what has too few segments or does not begin with "arn".
func checkARN(segments []pattern) error {
	if len(segments) != arnFields || !slices.Equal(segments[0], pattern{{char: 'a'}, {char: 'r'}, {char: 'n'}}) {
		return errors.New("must be an ARN, arn:partition:service:region:account:resource")
	}
	return nil
}

// segments cuts an ARN's pattern at its first five colons.
func (p pattern) segments() []pattern {
	var result []pattern
	for len(result) < arnFields-1 {
		colon := slices.Index(p, token{char: ':'})
		if colon < 0 {
			break
		}
		result, p = append(result, p[:colon]), p[colon+1:]
	}
	return append(result, p)
}

// hasVariable says whether the pattern depends on the request.
func (p pattern) hasVariable() bool {
	return slices.ContainsFunc(p, func(t token) bool { return t.kind == variable })
}

// resolve puts the request's values in place of the variables, as characters: a
// * in a value is no wildcard. It is false when a variable has no value.
//
// "IAM policy elements: Variables and tags", section "Policy variables with no
// value": an absent or empty key is null, and nothing equals it or is like it.
// "Single-valued vs. multivalued context keys": a key with several values is no
// variable.
func (p pattern) resolve(context values) (pattern, bool) {
	if !p.hasVariable() {
		return p, true
	}
	var result pattern
	for _, t := range p {
		if t.kind != variable {
			result = append(result, t)
			continue
		}
		var text string
		switch list := context[t.key]; {
		case len(list) == 1 && list[0] != "":
			text = list[0]
		case len(list) < 2 && t.fallback != nil:
			text = *t.fallback
		default:
			return nil, false
		}
		for _, r := range text {
			result = append(result, token{char: r})
		}
	}
	return result, true
}

// equalFold compares a resolved pattern without wildcards, ignoring case.
func (p pattern) equalFold(text string) bool {
	runes := make([]rune, len(p))
	for i, t := range p {
		runes[i] = t.char
	}
	return strings.EqualFold(string(runes), text)
}

// matches says whether a resolved pattern stands for the whole text. It keeps,
// token by token, the set of places in the text that can have been reached, so
// that its time is the product of both lengths whatever the wildcards are.
func (p pattern) matches(text string) bool {
	runes := []rune(text)
	reached := make([]bool, len(runes)+1)
	reached[0] = true
	for _, t := range p {
		next := make([]bool, len(runes)+1)
		open := false
		for i := range reached {
			if t.kind == star {
				open = open || reached[i]
				next[i] = open
			}
			if i == len(runes) {
				break
			}
			barred := t.within && runes[i] == ':'
			switch t.kind {
			case star:
				open = open && !barred
			case one:
				next[i+1] = reached[i] && !barred
			case char:
				next[i+1] = reached[i] && runes[i] == t.char
			case variable:
				panic("iameval: a pattern is matched before its variables are resolved")
			}
		}
		reached = next
	}
	return reached[len(runes)]
}

// matchesARN compares segment by segment. "IAM JSON policy elements: Condition
// operators", section on ARN operators: each of the six components is checked
// separately.
func (p pattern) matchesARN(arn string) bool {
	patterns, parts := p.segments(), strings.SplitN(arn, ":", arnFields)
	return len(patterns) == arnFields && slices.EqualFunc(patterns, parts, pattern.matches)
}

// anyMatches says whether one of the patterns stands for the text. A pattern
// with a variable that has no value stands for nothing.
func anyMatches(patterns []pattern, text string, context values) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool {
		resolved, ok := p.resolve(context)
		return ok && resolved.matches(text)
	})
}
