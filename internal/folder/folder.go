// Package folder replaces a directory of generated files as a whole.
//
//   - Replace: write beside it, then swap; after an error nothing has changed
//   - Prune: remove the directories of what no longer exists
//   - Manifests, Assembly: what a directory must look like to be replaced
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// manifestName is how cdk8s names a file: the object's kind and its name.
var manifestName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*\.[A-Za-z0-9._-]+\.yaml$`)

// Replace calls write with the path of a directory that does not exist yet, and
// moves what it has written to dir. What dir held before is gone then, so that
// a file which is no longer made does not stay.
//
// A dir that exists must be empty or pass ours, which returns an error for
// anything that we have not made: the path comes from a command line, where it
// may as well be somebody's home directory.
func Replace(dir string, ours func(dir string) error, write func(fresh string) error) (err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := replaceable(dir, ours); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	// Beside dir, because a rename works within one file system only.
	work, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+".*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	fresh, old := filepath.Join(work, "fresh"), filepath.Join(work, "old")
	if err := write(fresh); err != nil {
		return err
	}
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, restore(old, dir))
	}
	return nil
}

// Prune removes the directories in dir that pass ours and are not to be kept:
// what was made for something that no longer exists. Everything else in dir
// stays, and so does a dir that is missing.
func Prune(dir string, ours func(dir string) error, keep ...string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if !entry.IsDir() || slices.Contains(keep, entry.Name()) || ours(path) != nil {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// restore puts the old directory back, if there was one.
func restore(old, dir string) error {
	if err := os.Rename(old, dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func replaceable(dir string, ours func(string) error) error {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory, choose another one", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	return ours(dir)
}

// Assembly accepts a CDK cloud assembly.
func Assembly(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "cdk.out")); err != nil {
		return fmt.Errorf("%s is not a cloud assembly, it has no file cdk.out; choose another directory or empty it", dir)
	}
	return nil
}

// Manifests accepts a directory of rendered manifests: folders that hold
// nothing but files named <Kind>.<name>.yaml.
func Manifests(dir string) error {
	_, err := ListManifests(dir)
	return err
}

// ListManifests lists the files in each folder of a rendered directory. Anything
// else in it is an error.
func ListManifests(dir string) (map[string][]string, error) {
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	manifests := map[string][]string{}
	for _, folder := range folders {
		if !folder.IsDir() {
			return nil, foreign(dir, folder.Name())
		}
		files, err := os.ReadDir(filepath.Join(dir, folder.Name()))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if !file.Type().IsRegular() || !manifestName.MatchString(file.Name()) {
				return nil, foreign(dir, folder.Name(), file.Name())
			}
			manifests[folder.Name()] = append(manifests[folder.Name()], file.Name())
		}
	}
	return manifests, nil
}

func foreign(dir string, path ...string) error {
	return fmt.Errorf("%s is not a directory of rendered manifests, it holds %s; choose another one or empty it", dir, filepath.Join(path...))
}
