// Package engines makes the report of `make verify`: it lets programs that other
// people wrote judge what this repository renders.
//
//   - [Engine] is one of them; [All] lists them
//   - [Verify] runs them and writes the report
//   - each engine has a file of its own: kubeconform.go
//
// To add one, write its file, with one Engine value in it, and put that value
// into All. Two rules hold for every engine, and Verify enforces the second:
// what was judged is counted independently and compared; and an engine that had
// nothing to judge has failed.
package engines

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/fintrack/platform/tools/internal/toolbox"
)

// Engine is one judge.
type Engine struct {
	Name string // short, lower case: the first column of the report
	// Run judges everything that the engine is responsible for below env.Root.
	// Whatever is wrong with the files is in the results. The error is for what
	// kept the engine from judging; results made before it still count.
	Run func(ctx context.Context, env Env) ([]Result, error)
}

// All returns the engines in the order in which they run: quick ones first.
func All() []Engine { return []Engine{kubeconform} }

// Env is what an engine works with.
type Env struct {
	Root    string // the repository's root; paths in results are relative to it
	Cache   string // for what is made once; each engine keeps to folders of its own
	Toolbox toolbox.Toolbox
	Log     io.Writer // progress of slow steps, one line each
}

// Result is an engine's verdict about one subject.
type Result struct {
	Subject  string        // what was judged, such as an environment's name
	Count    int           // how many things were judged
	Unit     string        // what those things are, in the plural, such as "resources"
	Took     time.Duration // how long the judging took, without preparations
	Findings []Finding     // what is wrong, in a stable order; none when all is well
}

// Finding is what is wrong with one thing in one file.
type Finding struct {
	File     string   // from the root, slash-separated
	Thing    string   // what in the file, such as "apps/v1 Deployment fintrack"; may be empty
	Messages []string // one line each, at least one
}

// ErrAtFault is the error of [Verify] when engines have found mistakes. Its other
// errors mean that an engine could not judge.
var ErrAtFault = errors.New("at fault")

// Verify runs the engines and writes one line for each engine and subject to
// out, followed by what was found. It runs them all, whatever the first ones
// say, and returns an error when anything was found or could not be judged.
func Verify(ctx context.Context, env Env, list []Engine, out io.Writer) error {
	if len(list) == 0 {
		return errors.New("verify: no engine to run")
	}
	const line = "%-5s %-12s %-12s %v\n"
	checked, findings, unable := 0, 0, 0
	for _, engine := range list {
		results, err := engine.Run(ctx, env)
		if ctx.Err() != nil {
			return fmt.Errorf("verify: %s: interrupted", engine.Name)
		}
		if err == nil && len(results) == 0 {
			err = errors.New("nothing found to check, which proves nothing")
		}
		for _, r := range results {
			checked += r.Count
			findings += len(r.Findings)
			summary := fmt.Sprintf("%d %s  %.1f s", r.Count, r.Unit, r.Took.Seconds())
			switch {
			case len(r.Findings) > 0:
				fmt.Fprintf(out, line, "FAIL", engine.Name, r.Subject, fmt.Sprintf("%s  %d at fault", summary, len(r.Findings)))
				write(out, r.Findings)
			case r.Count == 0:
				unable++
				fmt.Fprintf(out, line, "FAIL", engine.Name, r.Subject, "no "+r.Unit+" found to check, which proves nothing")
			default:
				fmt.Fprintf(out, line, "ok", engine.Name, r.Subject, summary)
			}
		}
		if err != nil {
			unable++
			fmt.Fprintf(out, line, "FAIL", engine.Name, "-", err)
		}
	}
	switch {
	case findings > 0:
		return fmt.Errorf("verify: %d checked, %d %w", checked, findings, ErrAtFault)
	case unable > 0:
		return fmt.Errorf("verify: %d checked, the reasons for the rest stand above", checked)
	}
	fmt.Fprintf(out, "verify: %d checked, nothing at fault\n", checked)
	return nil
}

func write(out io.Writer, findings []Finding) {
	for _, f := range findings {
		fmt.Fprintf(out, "      %s", f.File)
		if f.Thing != "" {
			fmt.Fprintf(out, "  (%s)", f.Thing)
		}
		fmt.Fprintln(out)
		for _, m := range f.Messages {
			fmt.Fprintf(out, "          %s\n", m)
		}
	}
}
