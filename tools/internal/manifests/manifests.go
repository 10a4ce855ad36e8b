// Package manifests makes the inventory of the rendered manifests: which
// environments there are, and how many resources each file holds.
//
//   - [Environments] lists the folders dist/<environment>/
//   - [Inventory] counts the resources in one of them, file by file
//
// The count is made without the help of any engine. Compared with what an engine
// says it has judged, it shows that nothing was skipped.
package manifests

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Folder is where manifests are rendered to, below the repository root.
const Folder = "dist"

// Environment is one rendered environment.
type Environment struct {
	Name string // such as "staging"
	Path string // from the repository root, slash-separated, such as "dist/staging"
}

// Environments lists the folders in root/dist, by name.
//
// It is an error when there is none, and when a manifest lies in dist itself,
// where no environment, and so no check, would cover it.
func Environments(root string) ([]Environment, error) {
	entries, err := os.ReadDir(filepath.Join(root, Folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("manifests: %s: there is no such folder, so nothing to check: run `make synth`", filepath.Join(root, Folder))
	}
	if err != nil {
		return nil, fmt.Errorf("manifests: %w", err)
	}
	var environments []Environment
	for _, entry := range entries { // ReadDir sorts by name
		at := path.Join(Folder, entry.Name())
		switch {
		case entry.IsDir():
			environments = append(environments, Environment{Name: entry.Name(), Path: at})
		case isManifest(entry.Name()) || entry.Type()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf("manifests: %s lies outside every environment's folder and would not be checked", at)
		}
	}
	if len(environments) == 0 {
		return nil, fmt.Errorf("manifests: %s holds no environment's folder, so there is nothing to check: run `make synth`", filepath.Join(root, Folder))
	}
	return environments, nil
}

// File is one file of manifests.
type File struct {
	Path      string // from the repository root, slash-separated
	Resources int    // how many it holds; the items of a List count one by one
	Err       error  // why it could not be read as YAML; Resources then counts what came before
}

// Inventory lists every file of manifests in an environment, in the order of
// their paths. A file that is not YAML is listed with its error.
func Inventory(root string, e Environment) ([]File, error) {
	var files []File
	top := filepath.Join(root, filepath.FromSlash(e.Path))
	err := filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isManifest(file) {
			return err
		}
		inside, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		f := File{Path: filepath.ToSlash(inside)}
		f.Resources, f.Err = count(file)
		files = append(files, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("manifests: %w", err)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// count counts the resources in one file. Documents that are empty, or hold
// comments only, do not count.
func count(file string) (int, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // opened for reading, nothing can be lost

	resources := 0
	for decoder := yaml.NewDecoder(f); ; {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return resources, nil
		} else if err != nil {
			return resources, err
		}
		if len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
			continue
		}
		var list struct {
			Kind  string      `yaml:"kind"`
			Items []yaml.Node `yaml:"items"`
		}
		// What is not a mapping, or has an odd kind, is still one document to judge.
		if err := document.Decode(&list); err == nil && strings.EqualFold(list.Kind, "List") {
			resources += len(list.Items)
			continue
		}
		resources++
	}
}

// isManifest tells by its name whether a file is one; JSON is YAML, too.
func isManifest(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}
