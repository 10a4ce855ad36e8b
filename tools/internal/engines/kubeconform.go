package engines

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fintrack/platform/tools/internal/manifests"
	"github.com/fintrack/platform/tools/internal/schemas"
	"github.com/fintrack/platform/tools/internal/toolbox"
)

// kubeconform checks every rendered manifest against the schema of its kind:
// unknown fields, wrong types, missing fields, unknown kinds.
var kubeconform = Engine{Name: "kubeconform", Run: runKubeconform}

func runKubeconform(ctx context.Context, env Env) ([]Result, error) {
	environments, err := manifests.Environments(env.Root) // first: it needs no preparation to fail
	if err != nil {
		return nil, err
	}
	program, err := env.Toolbox.Path(ctx, toolbox.Kubeconform)
	if err != nil {
		return nil, err
	}
	set, err := schemas.Prepare(ctx, env.Cache, schemas.Pinned(), schemas.FromModules, env.Log)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, e := range environments {
		start := time.Now()
		r, err := conform(ctx, program, set, env.Root, e)
		if err != nil {
			return results, fmt.Errorf("%s: %w", e.Path, err)
		}
		r.Took = time.Since(start)
		results = append(results, r)
	}
	return results, nil
}

// verdict is kubeconform's JSON output.
type verdict struct {
	Resources []struct {
		Filename, Kind, Name, Version, Status, Msg string
	}
	Summary struct{ Valid, Invalid, Errors, Skipped int }
}

// conform runs kubeconform over one environment and compares what it judged with
// what the environment holds.
func conform(ctx context.Context, program string, set schemas.Set, root string, e manifests.Environment) (Result, error) {
	files, err := manifests.Inventory(root, e)
	if err != nil {
		return Result{}, err
	}
	v, err := askKubeconform(ctx, program, set, root, e)
	if err != nil {
		return Result{}, err
	}

	result := Result{Subject: e.Name, Unit: "resources"}
	judged, faulty := map[string]int{}, map[string]bool{}
	for _, r := range v.Resources {
		file := fromRoot(root, r.Filename)
		if r.Status == "" { // an empty document; the inventory does not count those either
			continue
		}
		judged[file]++
		if r.Status == "statusValid" {
			continue
		}
		faulty[file] = true
		result.Findings = append(result.Findings, Finding{
			File:     file,
			Thing:    strings.Join(strings.Fields(r.Version+" "+r.Kind+" "+r.Name), " "),
			Messages: explain(r.Msg, set),
		})
	}
	for _, f := range files {
		result.Count += f.Resources
		// When the engine has complained about the file already, the counts may
		// differ because of that, and its message says more.
		if message := compare(f, judged[f.Path]); message != "" && !faulty[f.Path] {
			result.Findings = append(result.Findings, Finding{File: f.Path, Messages: []string{message}})
		}
	}
	if len(result.Findings) == 0 && (v.Summary.Valid != result.Count || v.Summary.Invalid+v.Summary.Errors+v.Summary.Skipped > 0) {
		return Result{}, fmt.Errorf("%d resources counted, but kubeconform says %+v", result.Count, v.Summary)
	}
	// kubeconform works in parallel: its order changes from run to run.
	slices.SortFunc(result.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Thing, b.Thing), slices.Compare(a.Messages, b.Messages))
	})
	return result, nil
}

// fromRoot is the path of a file from the root, slash-separated.
func fromRoot(root, file string) string {
	if absolute, err := filepath.Abs(root); err == nil {
		if inside, err := filepath.Rel(absolute, file); err == nil {
			file = inside
		}
	}
	return filepath.ToSlash(file)
}

// compare tells what is wrong when a file holds something else than was judged.
func compare(f manifests.File, judged int) string {
	switch {
	case f.Err != nil:
		return "cannot be read: " + f.Err.Error()
	case f.Resources == 0:
		return "holds no resource"
	case f.Resources != judged:
		return fmt.Sprintf("holds %d resources, but kubeconform judged %d", f.Resources, judged)
	}
	return ""
}

func askKubeconform(ctx context.Context, program string, set schemas.Set, root string, e manifests.Environment) (verdict, error) {
	folder, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(e.Path)))
	if err != nil {
		return verdict{}, err
	}
	if strings.ContainsAny(set.Dir, "#%") {
		return verdict{}, fmt.Errorf("the cache is in %s, but kubeconform reads no schema below a folder with # or %% in its name: set another -cache", set.Dir)
	}
	// No -ignore-missing-schemas: a kind without a schema is a mistake until its
	// schema is added. -verbose: with the valid ones, so that they can be counted.
	cmd := exec.CommandContext(ctx, program,
		"-strict", "-summary", "-verbose", "-output", "json",
		"-schema-location", schemas.Layout, folder)
	// The layout is a template that becomes a URL: relative, it does not depend on
	// which characters the path of the cache holds.
	cmd.Dir = set.Dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	if exit := new(exec.ExitError); runErr != nil && !errors.As(runErr, &exit) {
		return verdict{}, runErr // did not start; a mere exit code 1 means "at fault"
	}
	var v verdict
	if err := json.Unmarshal(stdout.Bytes(), &v); err != nil {
		return verdict{}, fmt.Errorf("kubeconform's answer is not JSON: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	if runErr != nil && v.Summary.Invalid+v.Summary.Errors == 0 {
		return verdict{}, fmt.Errorf("kubeconform found nothing, but ended with: %w: %s", runErr, strings.TrimSpace(stderr.String()))
	}
	return v, nil
}

var (
	// problem begins each problem in kubeconform's message, which is one line; the
	// deeper a problem is nested, the more spaces stand before it.
	problem = regexp.MustCompile(`(\s+)- at '((?:[^'\\]|\\.)*)': `)
	// heading stands over problems that follow, one level deeper.
	heading = regexp.MustCompile(`^(?:validation failed|'?allOf'? failed)$`)
	// choice is a heading over alternatives, none of which is met.
	choice = regexp.MustCompile(`^'?(?:anyOf|oneOf)'? failed`)
	// unknown is the validator's sentence about fields that a schema lacks.
	unknown = regexp.MustCompile(`^additional properties (.*) not allowed$`)
	// mismatch is its sentence about a pattern.
	mismatch = regexp.MustCompile(`^('.*') does not match pattern '(.*)'$`)
)

// explain turns kubeconform's message into one line for each problem, sorted.
func explain(message string, set schemas.Set) []string {
	if strings.HasPrefix(message, "could not find schema for ") {
		return []string{fmt.Sprintf("no such kind in Kubernetes %s or in the CRDs that tools/internal/schemas/sources.go lists", set.KubernetesVersion)}
	}
	starts := problem.FindAllStringSubmatchIndex(message, -1)
	if len(starts) == 0 {
		return []string{strings.Join(strings.Fields(message), " ")}
	}
	var lines []string
	choosing, where := 0, "" // the open choice: spaces before it, 0 when none is open, and its path
	for i, start := range starts {
		end := len(message)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		depth, at := start[3]-start[2], cmp.Or(message[start[4]:start[5]], "/")
		text := plainly(message[start[1]:end])
		switch {
		case choosing > 0 && depth > choosing: // an alternative: the same line
			if heading.MatchString(text) || choice.MatchString(text) {
				continue
			}
			if at != where {
				text = at + ": " + text
			}
			last := &lines[len(lines)-1]
			if strings.HasSuffix(*last, ": ") {
				*last += text
			} else {
				*last += ", or " + text
			}
		case choice.MatchString(text):
			choosing, where = depth, at
			lines = append(lines, at+": ")
		default:
			choosing = 0
			if !heading.MatchString(text) {
				lines = append(lines, at+": "+text)
			}
		}
	}
	slices.Sort(lines) // the validator's order changes from run to run
	return slices.Compact(lines)
}

// plainly puts the validator's sentences into words that need no knowledge of
// JSON Schema.
func plainly(text string) string {
	if m := unknown.FindStringSubmatch(text); m != nil {
		fields := strings.Split(m[1], ", ")
		slices.Sort(fields) // the validator's order changes from run to run
		return "unknown field " + strings.Join(fields, ", ")
	}
	if m := mismatch.FindStringSubmatch(text); m != nil {
		switch strings.ReplaceAll(m[2], `\\`, `\`) {
		case schemas.QuantityPattern:
			return m[1] + " is not a quantity, such as 250m or 128Mi"
		case schemas.Base64Pattern:
			return "is not base64" // without the value: it may be a secret
		}
	}
	return text
}
