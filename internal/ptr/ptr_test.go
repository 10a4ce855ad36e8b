package ptr_test

import (
	"slices"
	"testing"

	"github.com/fintrack/platform/internal/ptr"
)

func TestMapKeepsEveryKeyAndValue(t *testing.T) {
	in := map[string]string{"a": "1", "b": "2", "empty": ""}
	out := *ptr.Map(in)
	if len(out) != len(in) {
		t.Fatalf("the map has %d entries, want %d", len(out), len(in))
	}
	for key, value := range in {
		if out[key] == nil || *out[key] != value {
			t.Errorf("%s is %v, want a pointer to %q", key, out[key], value)
		}
	}
	if *out["a"] = "changed"; in["a"] != "1" || *out["b"] != "2" {
		t.Error("the values share memory with one another or with the original")
	}
}

func TestNoMapIsLeftOutAndAnEmptyMapIsNot(t *testing.T) {
	if got := ptr.Map(nil); got != nil {
		t.Errorf("a nil map gives %v, want nil, which jsii leaves out", *got)
	}
	if got := ptr.Map(map[string]string{}); got == nil || len(*got) != 0 {
		t.Errorf("an empty map gives %v, want an empty map", got)
	}
}

func TestSortedKeysAreInTheSameOrderEveryTime(t *testing.T) {
	m := map[string]int{"delta": 4, "alpha": 1, "charlie": 3, "bravo": 2, "echo": 5}
	want := []string{"alpha", "bravo", "charlie", "delta", "echo"}
	for range 20 { // the order of Go's own range differs from run to run
		if got := ptr.SortedKeys(m); !slices.Equal(got, want) {
			t.Fatalf("the keys are %v, want %v", got, want)
		}
	}
	if got := ptr.SortedKeys[int](nil); len(got) != 0 {
		t.Errorf("a nil map has the keys %v, want none", got)
	}
}
