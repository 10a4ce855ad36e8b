// Package ptr makes the pointers that jsii wants where jsii itself has no
// helper: maps of strings, and lists in a fixed order.
package ptr

import (
	"maps"
	"slices"

	"github.com/aws/jsii-runtime-go"
)

// Map turns a map of strings into the form that jsii takes. A nil map gives
// nil, which jsii leaves out.
func Map(m map[string]string) *map[string]*string {
	if m == nil {
		return nil
	}
	out := make(map[string]*string, len(m))
	for key, value := range m {
		out[key] = jsii.String(value)
	}
	return &out
}

// SortedKeys lists the keys of a map in order, so that what is made from a map
// is the same at every synth.
func SortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
