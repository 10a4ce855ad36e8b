// Package schemas makes the folder of JSON schemas that kubeconform checks
// manifests with, once, from pinned sources, for use without a network.
//
//   - [Prepare] makes the folder, or finds the one made earlier
//   - [Pinned] is the table of sources: Kubernetes' own OpenAPI document and the
//     CustomResourceDefinitions of the operators
//   - swagger.go turns the OpenAPI document into schemas, crd.go the CRDs;
//     convert.go holds the translation that both share
//
// The schemas are strict: a field that the API does not know is an error, as
// with `kubectl apply --validate=strict`. What a schema cannot express (CEL
// rules, a selector that does not match its template, immutable fields) only a
// real API server finds.
package schemas

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Set is a folder of finished schemas.
type Set struct {
	Dir               string // absolute
	KubernetesVersion string // such as "v1.35.4"
}

// Layout is how a kind's file is found in a set's folder, in the words of
// kubeconform's -schema-location.
//
// All kinds share this layout, which names the whole API group. kubeconform's
// default layout keeps its first label only, so that "apps.example.com" would be
// checked as "apps".
const Layout = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"

// Prepare returns the schemas of the sources, kept in a folder below cache that
// is named after the Kubernetes version and a hash of everything that shapes
// the result. When that folder exists nothing is fetched or written. Otherwise
// one progress line for each source goes to log.
//
// The folder appears by a single rename: an interrupted or failed run leaves no
// half-made set behind.
func Prepare(ctx context.Context, cache string, sources Sources, fetch Fetcher, log io.Writer) (Set, error) {
	name, err := folderName(sources)
	if err != nil {
		return Set{}, err
	}
	parent, err := filepath.Abs(filepath.Join(cache, "schemas"))
	if err != nil {
		return Set{}, fmt.Errorf("schemas: %w", err)
	}
	set := Set{Dir: filepath.Join(parent, name), KubernetesVersion: sources.Kubernetes.Version}
	if info, err := os.Stat(set.Dir); err == nil && info.IsDir() {
		return set, nil
	}

	if err := os.MkdirAll(parent, 0o755); err != nil {
		return Set{}, fmt.Errorf("schemas: %w", err)
	}
	partial, err := os.MkdirTemp(parent, ".partial-")
	if err != nil {
		return Set{}, fmt.Errorf("schemas: %w", err)
	}
	defer func() { _ = os.RemoveAll(partial) }() // after the rename there is nothing left to remove

	if err := build(ctx, partial, sources, fetch, log); err != nil {
		return Set{}, err
	}
	if err := os.Chmod(partial, 0o755); err != nil { // MkdirTemp makes it private
		return Set{}, fmt.Errorf("schemas: %w", err)
	}
	if err := os.Rename(partial, set.Dir); err != nil {
		// Another run may have finished the same set meanwhile; theirs is as good.
		if info, statErr := os.Stat(set.Dir); statErr == nil && info.IsDir() {
			return set, nil
		}
		return Set{}, fmt.Errorf("schemas: %w", err)
	}
	return set, nil
}

// build writes the schemas of all sources into dir.
func build(ctx context.Context, dir string, sources Sources, fetch Fetcher, log io.Writer) error {
	w := writer{dir: dir, seen: map[Kind]string{}}

	var defs object
	err := step(ctx, log, sources.Kubernetes, fetch, func(at string) (int, error) {
		var kinds []kindSchema
		var err error
		if defs, kinds, err = readSwagger(at); err != nil {
			return 0, err
		}
		return len(kinds), w.write(ctx, sources.Kubernetes, kinds)
	})
	if err != nil {
		return err
	}
	for _, source := range sources.CRDs {
		err := step(ctx, log, source, fetch, func(at string) (int, error) {
			kinds, err := readCRDs(at, defs)
			if err != nil {
				return 0, err
			}
			return len(kinds), w.write(ctx, source, kinds)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// step fetches one source, has it converted, and prints a line with the number
// of kinds and the seconds that it took.
func step(ctx context.Context, log io.Writer, s Source, fetch Fetcher, convert func(at string) (int, error)) error {
	start := time.Now()
	fmt.Fprintf(log, "schemas: %s %s … ", s.Name, s.Version)
	dir, err := fetch(ctx, s)
	if err == nil {
		var kinds int
		if kinds, err = convert(filepath.Join(dir, filepath.FromSlash(s.Path))); err == nil {
			fmt.Fprintf(log, "%d kinds, %.1f s\n", kinds, time.Since(start).Seconds())
			return nil
		}
	}
	fmt.Fprintln(log, "failed")
	return fmt.Errorf("schemas: %s: %w", s, err)
}

// writer writes schemas, each kind once.
type writer struct {
	dir  string
	seen map[Kind]string // kind to the source that brought it
}

func (w writer) write(ctx context.Context, source Source, kinds []kindSchema) error {
	for _, k := range kinds {
		if err := ctx.Err(); err != nil {
			return err
		}
		if earlier, ok := w.seen[k.kind]; ok {
			return fmt.Errorf("%s is defined twice, the first time in %s", k.kind, earlier)
		}
		w.seen[k.kind] = source.String()

		text, err := json.Marshal(k.schema) // sorts the keys: the same input gives the same bytes
		if err != nil {
			return fmt.Errorf("%s: %w", k.kind, err)
		}
		// kubeconform treats a schema that does not compile as one that does not
		// exist. Compiling here gives the reason instead, and at once.
		if err := compile(text); err != nil {
			return fmt.Errorf("%s: %w", k.kind, err)
		}
		file := filepath.Join(w.dir, filepath.FromSlash(k.kind.file()))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func compile(text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	const url = "schema.json" // any name: nothing outside the document is referred to
	c := jsonschema.NewCompiler()
	if err := c.AddResource(url, doc); err != nil {
		return err
	}
	_, err = c.Compile(url)
	return err
}

// code is this package's source: when the conversion changes, so does the name
// of the folder, and nobody has to remember to bump a number.
//
//go:embed *.go
var code embed.FS

// folderName is "<Kubernetes version>-<hash>".
func folderName(sources Sources) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(sources); err != nil {
		return "", fmt.Errorf("schemas: %w", err)
	}
	files, err := fs.Glob(code, "*.go") // in the order of their names
	if err != nil {
		return "", fmt.Errorf("schemas: %w", err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := code.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("schemas: %w", err)
		}
		fmt.Fprintf(h, "%s %d\n", name, len(text))
		h.Write(text)
	}
	if sources.Kubernetes.Version == "" {
		return "", errors.New("schemas: Sources.Kubernetes.Version is empty, must be an exact version")
	}
	const digits = 12 // 48 bits: enough to tell a few hundred sets apart, short enough to read
	return sources.Kubernetes.Version + "-" + hex.EncodeToString(h.Sum(nil))[:digits], nil
}
