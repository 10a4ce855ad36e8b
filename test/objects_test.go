package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/fintrack/platform/internal/cdktest"
)

// object is one rendered Kubernetes object.
type object struct {
	// file is the path below the environment's directory.
	file                              string
	apiVersion, kind, namespace, name string
	content                           map[string]any
}

// at walks down the object, see cdktest.At.
func (o object) at(path string) any { return cdktest.At(o.content, path) }

// text is a string at a path; "" when there is none.
func (o object) text(path string) string {
	s, _ := o.at(path).(string)
	return s
}

// labels are the object's own labels, or those at a path.
func (o object) labels(path string) map[string]string {
	found, _ := o.at(path).(map[string]any)
	labels := map[string]string{}
	for key, value := range found {
		labels[key], _ = value.(string)
	}
	return labels
}

// readObjects parses every file below a directory of manifests.
func readObjects(t testing.TB, dir string) []object {
	t.Helper()
	var objects []object
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o := object{}
		if o.file, err = filepath.Rel(dir, path); err != nil {
			return err
		}
		if strings.Contains(strings.TrimPrefix(string(data), "---\n"), "\n---") {
			t.Errorf("%s holds more than one object", o.file)
		}
		if err := yaml.Unmarshal(data, &o.content); err != nil {
			t.Errorf("%s: %v", o.file, err)
			return nil
		}
		o.apiVersion, o.kind = o.text("apiVersion"), o.text("kind")
		o.namespace, o.name = o.text("metadata.namespace"), o.text("metadata.name")
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) == 0 {
		t.Fatalf("no manifests in %s", dir)
	}
	return objects
}

// ofKind lists the objects of a kind.
func (e *environment) ofKind(kind string) []object {
	var found []object
	for _, o := range e.objects {
		if o.kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// object returns the object of a kind and name; none fails the test.
func (e *environment) object(t testing.TB, kind, name string) object {
	t.Helper()
	for _, o := range e.objects {
		if o.kind == kind && o.name == name {
			return o
		}
	}
	t.Fatalf("there is no %s %q", kind, name)
	return object{}
}
