package iameval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parse reads a policy document. It is strict where AWS is lenient: whatever is
// not in "Grammar of the IAM JSON policy language" for identity-based policies is
// an error. All errors are reported at once, each with its statement, its element
// and the rule; errors.Join has joined them.
func Parse(data []byte) (Policy, error) {
	// "IAM JSON policy elements: Supported data types": policies are UTF-8.
	if !utf8.Valid(data) {
		return Policy{}, errors.New("iameval: the policy is not UTF-8")
	}
	// The decoder below goes as deep as the document; this one has a limit, and
	// sees what stands behind the document.
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return Policy{}, fmt.Errorf("iameval: the policy is not JSON: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	document, err := decode(decoder)
	if err != nil {
		return Policy{}, fmt.Errorf("iameval: the policy is not JSON: %w", err)
	}
	p := &parser{}
	policy := p.policy(document)
	if err := errors.Join(p.problems...); err != nil {
		return Policy{}, err
	}
	return policy, nil
}

// node is a JSON value. Unlike a map it keeps the order of its members and those
// that come twice.
type node struct {
	// members are an object's, elements an array's; text is a scalar's. The nil
	// ones say what the value is not.
	members  []member
	elements []node
	text     *string
	// quoted is a string.
	quoted bool
}

type member struct {
	name  string
	value node
}

// String is how a problem shows the value.
func (n node) String() string {
	switch {
	case n.members != nil:
		return "an object"
	case n.elements != nil:
		return "an array"
	case n.text == nil:
		return "null"
	case n.quoted:
		return fmt.Sprintf("%q", *n.text)
	default:
		return *n.text
	}
}

// list is the value's elements; a value that is no array is its own only one.
// "Grammar of the IAM JSON policy language": brackets are optional around one.
func (n node) list() []node {
	if n.elements != nil {
		return n.elements
	}
	return []node{n}
}

func decode(decoder *json.Decoder) (node, error) {
	read, err := decoder.Token()
	if err != nil {
		return node{}, err
	}
	switch value := read.(type) {
	case json.Delim:
		result := node{}
		if value == '{' {
			result.members = []member{}
		} else {
			result.elements = []node{}
		}
		for decoder.More() {
			name := ""
			if value == '{' {
				key, err := decoder.Token()
				if err != nil {
					return node{}, err
				}
				name, _ = key.(string)
			}
			child, err := decode(decoder)
			if err != nil {
				return node{}, err
			}
			if value == '{' {
				result.members = append(result.members, member{name, child})
			} else {
				result.elements = append(result.elements, child)
			}
		}
		_, err := decoder.Token() // the closing one
		return result, err
	case string:
		return node{text: &value, quoted: true}, nil
	case json.Number:
		text := value.String()
		return node{text: &text}, nil
	case bool:
		text := fmt.Sprint(value)
		return node{text: &text}, nil
	default:
		return node{}, nil
	}
}

// parser collects what is wrong.
type parser struct {
	problems []error
	// statement is the one that is read, for the problems.
	statement string
	// variables says that the policy's version has them.
	variables bool
	sids      []string
}

// problem notes that an element is wrong.
func (p *parser) problem(element, format string, arguments ...any) {
	path := []string{"iameval", p.statement, element, fmt.Sprintf(format, arguments...)}
	path = slices.DeleteFunc(path, func(part string) bool { return part == "" })
	p.problems = append(p.problems, errors.New(strings.Join(path, ": ")))
}

// object is the value's members, each once. "Grammar of the IAM JSON policy
// language": no element has the same key twice.
func (p *parser) object(element string, n node) map[string]node {
	if n.members == nil {
		p.problem(element, "must be an object, got %s", n)
		return nil
	}
	result := map[string]node{}
	for _, m := range n.members {
		if _, twice := result[m.name]; twice {
			p.problem(element, "has %q twice", m.name)
		}
		result[m.name] = m.value
	}
	return result
}

func (p *parser) policy(document node) Policy {
	elements := p.object("policy", document)
	if elements == nil {
		return Policy{}
	}
	for _, m := range document.members {
		switch m.name {
		case "Version", "Statement":
		case "Id":
			// The grammar's notes: not in identity-based policies.
			p.problem("Id", "must not be in an identity-based policy")
		default:
			p.problem(m.name, "is not an element of a policy")
		}
	}
	// "IAM JSON policy elements: Version": without one it is 2008-10-17.
	if version, given := elements["Version"]; given {
		if text := version.String(); text != `"2012-10-17"` && text != `"2008-10-17"` {
			p.problem("Version", `must be "2012-10-17" or "2008-10-17", got %s`, text)
		}
		p.variables = version.String() != `"2008-10-17"`
	}
	statements, given := elements["Statement"]
	if !given || statements.elements != nil && len(statements.elements) == 0 {
		// "IAM JSON policy elements: Statement".
		p.problem("Statement", "is required, and must hold at least one statement")
		return Policy{}
	}
	var result Policy
	for i, n := range statements.list() {
		p.statement = fmt.Sprintf("Statement[%d]", i)
		result.statements = append(result.statements, p.readStatement(n))
	}
	return result
}

var statementId = regexp.MustCompile(`^[A-Za-z0-9]*$`)

func (p *parser) readStatement(n node) statement {
	var s statement
	elements := p.object("", n)
	if elements == nil {
		return s
	}
	if sid, given := elements["Sid"]; given {
		s.sid = p.sid(sid)
	}
	for _, m := range n.members {
		switch m.name {
		case "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition":
		case "Principal", "NotPrincipal":
			// The grammar's notes: not in identity-based policies.
			p.problem(m.name, "must not be in an identity-based policy")
		default:
			p.problem(m.name, "is not an element of a statement")
		}
	}
	// "IAM JSON policy elements: Effect": required, case-sensitive.
	effect, given := elements["Effect"]
	switch text := effect.String(); {
	case !given:
		p.problem("Effect", "is required")
	case text != `"Allow"` && text != `"Deny"`:
		p.problem("Effect", `must be "Allow" or "Deny", got %s`, text)
	default:
		s.deny = text == `"Deny"`
	}
	s.actions, s.notActions = p.patterns(elements, "Action", compileAction)
	s.resources, s.notResources = p.patterns(elements, "Resource", func(text string) (pattern, error) {
		return compileResource(text, p.variables)
	})
	if n, given := elements["Condition"]; given {
		s.conditions = p.conditions(n)
	}
	return s
}

// sid reads a Sid, and names the statement after it from here on. "IAM JSON
// policy elements: Sid": letters and digits, unique in the policy.
func (p *parser) sid(n node) string {
	if n.text == nil || !n.quoted || !statementId.MatchString(*n.text) {
		p.problem("Sid", "must be a string of letters and digits, got %s", n)
		return ""
	}
	if *n.text == "" {
		return ""
	}
	p.statement += fmt.Sprintf(" (%s)", *n.text)
	if slices.Contains(p.sids, *n.text) {
		p.problem("Sid", "must be unique in the policy, got %s again", n)
	}
	p.sids = append(p.sids, *n.text)
	return *n.text
}

// patterns reads an element or the Not… beside it, of which a statement has one
// ("IAM JSON policy elements: Action" and "… Resource"). It is true for the
// Not….
func (p *parser) patterns(elements map[string]node, name string, compile func(text string) (pattern, error)) ([]pattern, bool) {
	n, positive := elements[name]
	other, negative := elements["Not"+name]
	if positive == negative {
		p.problem(name, "is required, or Not%s in its place, and not both", name)
		return nil, false
	}
	if negative {
		name, n = "Not"+name, other
	}
	if len(n.list()) == 0 {
		p.problem(name, "must not be empty")
	}
	var result []pattern
	for _, element := range n.list() {
		if element.text == nil || !element.quoted {
			p.problem(name, "must be a string or an array of strings, got %s", element)
			continue
		}
		compiled, err := compile(*element.text)
		if err != nil {
			p.problem(name, "%s %v", element, err)
			continue
		}
		result = append(result, compiled)
	}
	return result, negative
}

// conditions reads a Condition: operators, below each its keys, below each its
// values.
func (p *parser) conditions(n node) []condition {
	if len(p.object("Condition", n)) == 0 && n.members != nil {
		p.problem("Condition", "must not be empty")
	}
	var result []condition
	for _, block := range n.members {
		element := "Condition." + block.name
		c, err := newCondition(block.name)
		if err != nil {
			p.problem(element, "%v", err)
			continue
		}
		if len(p.object(element, block.value)) == 0 && block.value.members != nil {
			p.problem(element, "must not be empty")
		}
		for _, m := range block.value.members {
			c.key = m.name
			result = append(result, p.values(c, m.value))
		}
	}
	return result
}

// values reads the values of one key.
func (p *parser) values(c condition, n node) condition {
	element := "Condition." + c.name + "." + c.key
	if !conditionKey.MatchString(c.key) {
		p.problem(element, "is not a condition key, such as aws:RequestedRegion")
	}
	if len(n.list()) == 0 {
		p.problem(element, "must not be empty")
	}
	for _, value := range n.list() {
		// "Grammar of the IAM JSON policy language": quotation marks are optional
		// for numbers and Booleans.
		if value.text == nil {
			p.problem(element, "must be a value or an array of values, got %s", value)
			continue
		}
		if err := c.add(*value.text, p.variables); err != nil {
			p.problem(element, "%s %v", value, err)
		}
	}
	return c
}
