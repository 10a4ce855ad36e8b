package config_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

func TestParseReleases(t *testing.T) {
	r, err := config.ParseReleases([]byte(`
		{"workloads": {
			"web": {"tag": "0123abc", "digest": "sha256:00", "commit": "0123abcd"},
			"api": {}
		}}
	`))
	want := map[string]config.Release{
		"web": {Tag: "0123abc", Digest: "sha256:00", Commit: "0123abcd"},
		"api": {}, // Validate names what is missing
	}
	if err != nil || !reflect.DeepEqual(r.Workloads, want) {
		t.Errorf("got %v, %v", r.Workloads, err)
	}
	if r, err := config.ParseReleases([]byte(`{"workloads":{}}`)); err != nil || r.Workloads == nil || len(r.Workloads) != 0 {
		t.Errorf("no release yet: got %v, %v", r.Workloads, err)
	}
}

func TestParseReleasesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                        "unexpected end of JSON input",
		`  `:                      "unexpected end of JSON input",
		`nonsense`:                "invalid character 'o'",
		`{"workloads":{}`:         "unexpected end of JSON input",
		`{"workloads":{}} {}`:     "invalid character '{' after top-level value",
		`{"workloads":{}}garbage`: "invalid character 'g' after top-level value",
		`null`:                    "the file: null must be an object",
		`[]`:                      "the file: [ must be an object",
		`"x"`:                     `the file: "x" must be an object`,
		`{}`:                      `the field "workloads" is missing`,
		`{"workload":{}}`:         `"workload" is not a field, the only one is "workloads"`,
		`{"Workloads":{}}`:        `"Workloads" is not a field`,
		`{"workloads":null}`:      "workloads: null must be an object",
		`{"workloads":[1]}`:       "workloads: [ must be an object",
		`{"workloads":{},"workloads":{"web":{}}}`:                       `the file: the key "workloads" stands twice`,
		`{"workloads":{"web":{},"web":{}}}`:                             `workloads: the key "web" stands twice`,
		`{"workloads":{"web":null}}`:                                    `workloads["web"]: null must be an object`,
		`{"workloads":{"web":"x"}}`:                                     `workloads["web"]: "x" must be an object`,
		`{"workloads":{"web":{"digset":"x"}}}`:                          `workloads["web"]: "digset" is not a field, choose one of tag, digest, commit`,
		`{"workloads":{"web":{"Digest":"x"}}}`:                          `workloads["web"]: "Digest" is not a field`,
		`{"workloads":{"web":{"tag":"a","tag":"b"}}}`:                   `workloads["web"]: the key "tag" stands twice`,
		`{"workloads":{"web":{"tag":1.0}}}`:                             `workloads["web"].tag: 1.0 must be a string`,
		`{"workloads":{"web":{"tag":1e999}}}`:                           `workloads["web"].tag: 1e999 must be a string`,
		`{"workloads":{"web":{"tag":null}}}`:                            `workloads["web"].tag: null must be a string`,
		`{"workloads":{"web":{"commit":true}}}`:                         `workloads["web"].commit: true must be a string`,
		`{"workloads":{"web":{"digest":{"a":"b"}}}}`:                    `workloads["web"].digest: { must be a string`,
		"{\"workloads\":{\"a\\nb\":{\"tag\":[]}}}":                      `workloads["a\nb"].tag: [ must be a string`,
		`{"workloads":{"web":{"tag":"a"},"api":{"tag":"b","sha":"c"}}}`: `workloads["api"]: "sha" is not a field`,
	} {
		r, err := config.ParseReleases([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "is not a release file: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant … %s …", text, err, want)
		}
		if r.Workloads != nil {
			t.Errorf("%s: a refused file gave %v", text, r)
		}
	}
}

// Every environment reads its own file, or Validate would say so.
func TestReleasesOf(t *testing.T) {
	e := configtest.Example()
	e.Releases = config.ReleasesOf("staging")
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
	e.Releases = config.ReleasesOf("../staging")
	if problems := problemsOf(t, e); len(problems) != 1 || problems[0].Field != "releases" {
		t.Error(problems)
	}
}

func FuzzParseReleases(f *testing.F) {
	for _, seed := range []string{
		`{"workloads":{}}`,
		`{"workloads":{"web":{"tag":"a","digest":"sha256:00","commit":"b"},"api":{"tag":"\u00e9\ud800"}}}`,
		`{"workloads":{"web":{"tag":"a","tag":"b"}}}`,
		`{"workloads":{"":{}}}`,
		`{"WORKLOADS":{"web":[null,1e999,{}]}}`,
		"{\"workloads\":{\"\xff\":{}}}",
		`{"workloads":{"web":{"tag":{"workloads":{}}}}}`,
		`[[[[`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := config.ParseReleases(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "is not a release file: ") {
				t.Errorf("error %q", err)
			}
			return
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := config.ParseReleases(text)
		if err != nil || !reflect.DeepEqual(again.Workloads, r.Workloads) {
			t.Errorf("%s\nround trip: got %v, %v, want %v", text, again, err, r)
		}
		// What the parser takes, encoding/json takes for the same.
		var plain config.Releases
		if err := json.Unmarshal(data, &plain); err != nil || !reflect.DeepEqual(plain.Workloads, r.Workloads) {
			t.Errorf("encoding/json reads %v, %v, not %v", plain, err, r)
		}
	})
}
