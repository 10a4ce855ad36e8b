package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Problem is one broken rule: which field, what it holds and what it should.
type Problem struct {
	// Field is the path of the field as a Go programmer would write it in
	// lower camel case, "network.zones[1].public".
	Field string
	// Value is what the field holds, quoted when it is text.
	Value string
	// Rule says what is wrong and, where possible, what would be right.
	Rule string
}

// String gives "field: value rule" on one line.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s %s", p.Field, p.Value, p.Rule)
}

// Problems are all broken rules of one environment, in the order of the fields.
type Problems []Problem

// Error lists the problems, one on a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// checker collects problems while Validate walks through an environment.
type checker struct{ problems Problems }

// add reports a problem. Texts from the environment go into rule by %q only:
// that keeps a problem on one line whatever they hold.
func (c *checker) add(field string, value any, rule string, args ...any) {
	c.problems = append(c.problems, Problem{
		Field: field,
		Value: show(value),
		Rule:  fmt.Sprintf(rule, args...),
	})
}

// show writes a value as a person would type it.
func show(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case []string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprint(v)
	}
}

// require adds a problem unless ok, which it returns.
func (c *checker) require(ok bool, field string, value any, rule string, args ...any) bool {
	if !ok {
		c.add(field, value, rule, args...)
	}
	return ok
}

// oneOf requires value to be one of the allowed ones.
func oneOf[T comparable](c *checker, field string, value T, allowed ...T) {
	texts := make([]string, len(allowed))
	for i, a := range allowed {
		if a == value {
			return
		}
		texts[i] = fmt.Sprint(a)
	}
	c.add(field, value, "is not allowed, choose one of %s", strings.Join(texts, ", "))
}

// between requires low <= value <= high.
func between(c *checker, field string, value, low, high int) bool {
	return c.require(value >= low && value <= high, field, value, "must be between %d and %d", low, high)
}

// count requires a list to have low to high elements.
func count(c *checker, field string, n, low, high int) {
	c.require(n >= low && n <= high, field, length(n), "must have %d to %d elements", low, high)
}

// length stands for a list whose elements are too many words for a message.
type length int

func (n length) String() string { return fmt.Sprintf("a list of %d", int(n)) }

// unique adds a problem for every value that stands in the list before.
func unique[T comparable](c *checker, field func(i int) string, values []T) {
	first := map[T]int{}
	for i, v := range values {
		if j, seen := first[v]; seen {
			c.add(field(i), v, "is a duplicate of %s", field(j))
			continue
		}
		first[v] = i
	}
}

// indexed names the elements of a list: indexed("a.b", "") gives "a.b[0]",
// indexed("a.b", ".name") gives "a.b[0].name".
func indexed(list, suffix string) func(i int) string {
	return func(i int) string { return fmt.Sprintf("%s[%d]%s", list, i, suffix) }
}

// keyed names an entry of a map: keyed("a.b", "k") gives `a.b["k"]`.
func keyed(list, key string) string { return fmt.Sprintf("%s[%q]", list, key) }
