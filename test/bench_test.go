package test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cfnvalidate"
	"github.com/fintrack/platform/internal/host"
	"github.com/fintrack/platform/stacks"
)

// What things cost, by `make bench`. Nearly all work is done by jsii's Node
// processes, and a process' CPU time is known to its parent only when it has
// ended. So each measurement is a process of its own, as it is for users:
//
//	cpu-s    CPU seconds, user and system, of the process and all below it
//	MiB      peak memory of the largest of those processes
//	x-…      the same as a ratio to another row of the same run
//
// Seconds differ from machine to machine and from minute to minute; ratios and
// growth are what to look at.

// task is what a child process is asked to do.
type task struct {
	Kind      string // "synth" or "render"
	Dir       string
	Validate  bool
	Stamps    string
	Workloads int
}

const benchTask = "FINTRACK_BENCH_TASK"

// benchChild does the task that a benchmark asked this process to do and ends
// the process; without a task it returns.
func benchChild() {
	text := os.Getenv(benchTask)
	if text == "" {
		return
	}
	host.Main(func() error {
		var do task
		if err := json.Unmarshal([]byte(text), &do); err != nil {
			return err
		}
		env := config.Staging()
		if do.Kind == "render" {
			env.Workloads = copies(env.Workloads[0], do.Workloads)
			_, err := charts.Render(env, do.Dir)
			return err
		}
		app, err := cdkapp.New(cdkapp.Options{Outdir: do.Dir, Unvalidated: true})
		if err != nil {
			return err
		}
		if do.Validate {
			cdk.Validations_Of(app).AddPlugins(cfnvalidate.New(do.Stamps, root("go.mod")))
		}
		stacks.Add(app, env)
		return cdkapp.Synth(app)
	})
}

// copies makes n workloads like the given one.
func copies(w config.Workload, n int) []config.Workload {
	list := make([]config.Workload, n)
	for i := range list {
		list[i] = w
		list[i].Name = fmt.Sprintf("%s-%d", w.Name, i)
		ingress := *w.Ingress
		ingress.Host = list[i].Name + "." + ingress.Host
		list[i].Ingress = &ingress
	}
	return list
}

// cost is what a process and all below it have used.
type cost struct {
	cpu time.Duration
	mib float64
}

// measure runs a command b.N times and returns the mean CPU time and the peak
// memory.
func measure(b *testing.B, command func() *exec.Cmd) cost {
	b.Helper()
	var sum cost
	for range b.N {
		cmd := command()
		if output, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, output)
		}
		sum.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		sum.mib = max(sum.mib, peak(cmd.ProcessState))
	}
	sum.cpu /= time.Duration(b.N)
	b.ReportMetric(sum.cpu.Seconds(), "cpu-s")
	b.ReportMetric(sum.mib, "MiB")
	b.ReportMetric(0, "ns/op") // wall time says nothing here
	return sum
}

// peak is the memory of the largest process, in MiB.
func peak(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // which counts bytes, others KiB
		return float64(usage.Maxrss) / (1 << 20)
	}
	return float64(usage.Maxrss) / (1 << 10)
}

// memory is a temporary directory in memory where the system has one: what a
// disk takes to make a file (half a millisecond of system time has been seen)
// is the disk's and not ours.
func memory(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "fintrack-bench-*") //nolint:usetesting // b.TempDir is on a disk
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Error(err)
		}
	})
	return dir
}

func child(b *testing.B, do task) func() *exec.Cmd {
	b.Helper()
	return func() *exec.Cmd {
		do.Dir = filepath.Join(memory(b), "out")
		if do.Validate && do.Stamps == "" {
			do.Stamps = b.TempDir() // nothing is remembered
			defer func() { do.Stamps = "" }()
		}
		text, err := json.Marshal(do)
		if err != nil {
			b.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), benchTask+"="+string(text))
		return cmd
	}
}

// BenchmarkCDKSynth is one environment's templates: without validation, with
// every template validated, and with every template unchanged since.
func BenchmarkCDKSynth(b *testing.B) {
	var off cost
	b.Run("validation=off", func(b *testing.B) {
		off = measure(b, child(b, task{Kind: "synth"}))
	})
	b.Run("validation=on", func(b *testing.B) {
		on := measure(b, child(b, task{Kind: "synth", Validate: true}))
		ratio(b, on, off, "x-off")
	})
	b.Run("validation=unchanged", func(b *testing.B) {
		stamps := b.TempDir()
		if output, err := child(b, task{Kind: "synth", Validate: true, Stamps: stamps})().CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, output)
		}
		unchanged := measure(b, child(b, task{Kind: "synth", Validate: true, Stamps: stamps}))
		ratio(b, unchanged, off, "x-off")
	})
}

// BenchmarkRender is one environment's manifests, with more and more workloads.
func BenchmarkRender(b *testing.B) {
	var one cost
	for _, n := range []int{1, 10, 100, 500} {
		b.Run("workloads="+strconv.Itoa(n), func(b *testing.B) {
			c := measure(b, child(b, task{Kind: "render", Workloads: n}))
			if n == 1 {
				one = c
			} else if one.cpu > 0 {
				b.ReportMetric((c.cpu-one.cpu).Seconds()*1000/float64(n-1), "cpu-ms/workload")
			}
		})
	}
}

// BenchmarkCdk8sSynth is `npx cdk8s synth` with a program that has been built:
// what the command line adds to the render.
func BenchmarkCdk8sSynth(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "charts")
	if output, err := exec.Command("go", "build", "-o", program, root("cmd", "charts")).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, output)
	}
	var alone cost
	b.Run("render", func(b *testing.B) {
		alone = measure(b, func() *exec.Cmd {
			cmd := exec.Command(program)
			cmd.Dir = root()
			cmd.Env = append(os.Environ(), "CDK8S_OUTDIR="+filepath.Join(b.TempDir(), "dist"))
			return cmd
		})
	})
	b.Run("cli", func(b *testing.B) {
		cli := measure(b, func() *exec.Cmd {
			bin, err := filepath.Abs(root("node_modules", ".bin"))
			if err != nil {
				b.Fatal(err)
			}
			cmd := exec.Command(filepath.Join(bin, "cdk8s"), "synth", "--app", program, "--output", filepath.Join(b.TempDir(), "dist"))
			cmd.Dir = root()
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "CDK8S_CHECK_UPGRADE=false")
			return cmd
		})
		ratio(b, cli, alone, "x-render")
	})
}

func ratio(b *testing.B, c, base cost, unit string) {
	b.Helper()
	if base.cpu > 0 {
		b.ReportMetric(float64(c.cpu)/float64(base.cpu), unit)
	}
}
