package config_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// Whatever an environment holds, Validate does not panic, and each problem
// names a field that exists, with the value that is there.
func FuzzValidate(f *testing.F) {
	for _, seed := range randomSeeds(500) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e := configtest.Mutate(data)
		err := e.Validate()
		_ = e.Unedited()
		if again := e.Validate(); fmt.Sprint(err) != fmt.Sprint(again) {
			t.Fatalf("two answers:\n%v\n%v", err, again)
		}
		if err == nil {
			return
		}
		nodes := map[string]reflect.Value{}
		for _, node := range configtest.Nodes(&e) {
			nodes[node.Path] = node.Value
		}
		seen := map[config.Problem]bool{}
		for _, p := range problemsOf(t, e) {
			if p.Field == "" || p.Value == "" || p.Rule == "" {
				t.Errorf("incomplete: %#v", p)
			}
			if text := p.String(); !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x00") || badFormat.MatchString(quoted.ReplaceAllString(text, "")) {
				t.Errorf("not one readable line: %q", text)
			}
			if seen[p] {
				t.Errorf("told twice: %v", p)
			}
			seen[p] = true
			value, ok := nodes[p.Field]
			if !ok {
				t.Errorf("no such field: %v", p)
			} else if !shows(p, value) {
				t.Errorf("the value is %#v: %v", value, p)
			}
		}
	})
}

// badFormat is what package fmt writes when a rule's arguments do not fit.
var badFormat = regexp.MustCompile(`%!(\(|[a-z]\()`)

// quoted matches a value in a message, which may hold anything.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// shows says whether a problem shows the value that is at its field.
func shows(p config.Problem, value reflect.Value) bool {
	// A rule about an entry's key shows the key, which ends the field.
	if strings.HasSuffix(p.Field, "["+p.Value+"]") {
		return true
	}
	switch value.Kind() {
	case reflect.String:
		return p.Value == strconv.Quote(value.String())
	case reflect.Slice:
		return p.Value == fmt.Sprintf("a list of %d", value.Len()) || p.Value == fmt.Sprintf("%q", value)
	case reflect.Struct:
		return p.Field == "releases" // shows the file
	default:
		return p.Value == fmt.Sprint(value)
	}
}

// randomSeeds are the same in every run, so that plain `go test` already walks
// through many environments.
func randomSeeds(n int) (seeds [][]byte) {
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		seed := make([]byte, 1+random.IntN(60))
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		seeds = append(seeds, seed)
	}
	return seeds
}
