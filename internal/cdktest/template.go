package cdktest

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Template is a CloudFormation template.
type Template struct {
	// Stack is the stack's name.
	Stack      string              `json:"-"`
	Parameters map[string]any      `json:"Parameters"`
	Resources  map[string]Resource `json:"Resources"`
	Outputs    map[string]Output   `json:"Outputs"`
	Rules      map[string]any      `json:"Rules"`
}

// Resource is one resource of a template.
type Resource struct {
	// LogicalID is the resource's key in the template.
	LogicalID           string         `json:"-"`
	Type                string         `json:"Type"`
	Properties          map[string]any `json:"Properties"`
	DependsOn           any            `json:"DependsOn"`
	CreationPolicy      map[string]any `json:"CreationPolicy"`
	UpdatePolicy        map[string]any `json:"UpdatePolicy"`
	DeletionPolicy      string         `json:"DeletionPolicy"`
	UpdateReplacePolicy string         `json:"UpdateReplacePolicy"`
	Metadata            map[string]any `json:"Metadata"`
}

// Output is one output of a template.
type Output struct {
	Value       any    `json:"Value"`
	Description string `json:"Description"`
	Export      any    `json:"Export"`
}

// Read reads a stack's template from a cloud assembly.
func Read(t testing.TB, assembly, stack string) Template {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(assembly, stack+".template.json"))
	if err != nil {
		t.Fatal(err)
	}
	template := Template{Stack: stack}
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatalf("%s: %v", stack, err)
	}
	for id, resource := range template.Resources {
		resource.LogicalID = id
		template.Resources[id] = resource
	}
	return template
}

// OfType lists the resources of a type, in the order of their logical ids.
func (t Template) OfType(resourceType string) []Resource {
	var found []Resource
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if r := t.Resources[id]; r.Type == resourceType {
			found = append(found, r)
		}
	}
	return found
}

// Only returns the one resource of a type; none or several fail the test.
func (t Template) Only(tb testing.TB, resourceType string) Resource {
	tb.Helper()
	return t.Where(tb, resourceType, "", nil)
}

// Where returns the one resource of a type that has a value at a path, see At.
// None or several fail the test.
func (t Template) Where(tb testing.TB, resourceType, path string, value any) Resource {
	tb.Helper()
	var found []Resource
	for _, r := range t.OfType(resourceType) {
		if path == "" || reflect.DeepEqual(r.At(path), value) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		tb.Fatalf("%s: found %d resources of type %s with %s = %v, want 1", t.Stack, len(found), resourceType, path, value)
	}
	return found[0]
}

// At returns what stands at a path below the resource's properties, "A.B.0.C";
// nil when there is nothing.
func (r Resource) At(path string) any { return At(r.Properties, path) }

// Want fails the test unless the value at a path, see At, is the wanted one.
// Numbers are float64, as in JSON; an int is converted.
func (r Resource) Want(tb testing.TB, path string, want any) {
	tb.Helper()
	if n, ok := want.(int); ok {
		want = float64(n)
	}
	if got := r.At(path); !reflect.DeepEqual(got, want) {
		tb.Errorf("%s %s: %s is %s, want %s", r.Type, r.LogicalID, path, Show(got), Show(want))
	}
}

// Tag is the value of one of the resource's tags; "" when it has none of that
// key.
func (r Resource) Tag(key string) string {
	switch tags := r.Properties["Tags"].(type) {
	case []any:
		for _, tag := range tags {
			if At(tag, "Key") == key {
				value, _ := At(tag, "Value").(string)
				return value
			}
		}
	case map[string]any:
		value, _ := tags[key].(string)
		return value
	}
	return ""
}

// Depends lists the logical ids of DependsOn.
func (r Resource) Depends() []string {
	switch d := r.DependsOn.(type) {
	case string:
		return []string{d}
	case []any:
		ids := make([]string, len(d))
		for i, id := range d {
			ids[i], _ = id.(string)
		}
		return ids
	}
	return nil
}

// At walks down a JSON value by a path of keys and list indices separated by
// dots. A key that itself holds a dot is written with its dots as in the JSON
// only when it is the rest of the path.
func At(value any, path string) any {
	if path == "" {
		return value
	}
	if object, ok := value.(map[string]any); ok {
		if whole, ok := object[path]; ok {
			return whole
		}
	}
	key, rest, more := strings.Cut(path, ".")
	switch v := value.(type) {
	case map[string]any:
		value = v[key]
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(v) {
			return nil
		}
		value = v[i]
	default:
		return nil
	}
	if !more {
		return value
	}
	return At(value, rest)
}

// Show is a value as compact JSON, for messages.
func Show(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// Walk calls visit for every value below a JSON value, with its path.
func Walk(value any, visit func(path string, value any)) { walk("", value, visit) }

func walk(path string, value any, visit func(string, any)) {
	visit(path, value)
	join := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			walk(join(key), v[key], visit)
		}
	case []any:
		for i, element := range v {
			walk(join(strconv.Itoa(i)), element, visit)
		}
	}
}
