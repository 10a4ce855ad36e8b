package config

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed releases/*.json
var releaseFiles embed.FS

// Releases holds the deployed image of each workload by the workload's name.
type Releases struct {
	Workloads map[string]Release `json:"workloads"`

	// file and err remember where the value comes from and why it could not be
	// read, so that Validate can say so beside all other problems.
	file string
	err  error
}

// Release is one built image. All three fields are set by the pipeline that
// pushed it.
type Release struct {
	// Tag is the image tag, by convention the short commit.
	Tag string `json:"tag"`
	// Digest is what is really pulled: "sha256:" and 64 hexadecimal digits.
	Digest string `json:"digest"`
	// Commit is the full commit of the source that the image was built from.
	Commit string `json:"commit"`
}

// ParseReleases reads the JSON of a release file. It is stricter than
// json.Unmarshal, which takes the last of two equal keys and "DIGEST" for
// "digest": after a bad merge that would deploy another image silently. Errors
// name the field; whether the values make sense is Validate's business.
func ParseReleases(data []byte) (Releases, error) {
	r := Releases{Workloads: map[string]Release{}}
	// Syntax first, which also finds trailing data; the walk below can then
	// rely on it.
	err := json.Unmarshal(data, new(json.RawMessage))
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber() // so that an error shows a number as it was written
		err = r.decode(d)
	}
	if err != nil {
		return Releases{}, fmt.Errorf("is not a release file: %w", err)
	}
	return r, nil
}

func (r Releases) decode(d *json.Decoder) error {
	found := false
	err := object(d, "the file", func(key string) error {
		if key != "workloads" {
			return fmt.Errorf("%q is not a field, the only one is \"workloads\"", key)
		}
		found = true
		return object(d, key, func(workload string) error {
			release, err := decodeRelease(d, keyed(key, workload))
			r.Workloads[workload] = release
			return err
		})
	})
	if err == nil && !found {
		err = fmt.Errorf("the field \"workloads\" is missing")
	}
	return err
}

func decodeRelease(d *json.Decoder, field string) (Release, error) {
	var r Release
	fields := map[string]*string{"tag": &r.Tag, "digest": &r.Digest, "commit": &r.Commit}
	err := object(d, field, func(key string) error {
		target := fields[key]
		if target == nil {
			return fmt.Errorf("%s: %q is not a field, choose one of tag, digest, commit", field, key)
		}
		token, _ := d.Token()
		text, ok := token.(string)
		if !ok {
			return fmt.Errorf("%s.%s: %s must be a string", field, key, showToken(token))
		}
		*target = text
		return nil
	})
	return r, err
}

// object reads a JSON object and calls member for each key, behind which the
// decoder then stands. No key may stand twice.
func object(d *json.Decoder, field string, member func(key string) error) error {
	if token, _ := d.Token(); token != json.Delim('{') {
		return fmt.Errorf("%s: %s must be an object", field, showToken(token))
	}
	seen := map[string]bool{}
	for d.More() {
		token, _ := d.Token()
		key, _ := token.(string) // the syntax is right, so this is a key
		if seen[key] {
			return fmt.Errorf("%s: the key %q stands twice", field, key)
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := d.Token() // the closing brace
	return err
}

// showToken writes a JSON token for a message.
func showToken(token json.Token) string {
	if token == nil {
		return "null"
	}
	return show(token)
}

// releaseFile is the path of an environment's release file in the package.
func releaseFile(environment string) string { return "releases/" + environment + ".json" }

// releasesOf reads the embedded release file of an environment. A problem with
// it is kept for Validate.
func releasesOf(environment string) Releases {
	file := releaseFile(environment)
	data, err := releaseFiles.ReadFile(file)
	if err != nil {
		return Releases{file: file, err: fmt.Errorf("cannot be read: %w", err)}
	}
	r, err := ParseReleases(data)
	r.file, r.err = file, err
	return r
}
