package charts_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/host"
)

// How the benchmark tells a child process how many workloads to render, and
// where to.
const (
	benchWorkloads = "FINTRACK_BENCH_WORKLOADS"
	benchDir       = "FINTRACK_BENCH_DIR"
)

// BenchmarkRender reports what a render costs, and what each workload adds to
// the cost of the first:
//
//	go test ./charts -run '^$' -bench Render -benchtime 3x
//
// Nearly all of it is spent by jsii's Node processes, and a process' CPU time
// is known to its parent only when it has ended. So each render is a process of
// its own, as it is for users.
func BenchmarkRender(b *testing.B) {
	var first time.Duration
	for _, workloads := range []int{1, 10, 100, 500} {
		b.Run(strconv.Itoa(workloads), func(b *testing.B) {
			var total time.Duration
			var peak int64
			for range b.N {
				cpu, kib := renderInAProcess(b, workloads)
				total, peak = total+cpu, max(peak, kib)
			}
			mean := total / time.Duration(b.N)
			if workloads == 1 {
				first = mean
			} else if first > 0 {
				b.ReportMetric(milliseconds(mean-first)/float64(workloads-1), "cpu-ms/workload")
			}
			b.ReportMetric(milliseconds(mean), "cpu-ms")
			b.ReportMetric(float64(peak)/1024, "MiB")
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// renderInAProcess returns the CPU time of the process and of all its
// children, and the peak memory in KiB of the largest of them.
func renderInAProcess(b *testing.B, workloads int) (cpu time.Duration, peakKiB int64) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(),
		benchWorkloads+"="+strconv.Itoa(workloads),
		benchDir+"="+filepath.Join(b.TempDir(), "bench"))
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peakMemory(cmd.ProcessState)
}

// peakMemory is the peak of the largest process.
func peakMemory(state *os.ProcessState) (kib int64) {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // which counts bytes
		return usage.Maxrss / 1024
	}
	return usage.Maxrss
}

// renderForBenchmark is the child process.
func renderForBenchmark() bool {
	n, err := strconv.Atoi(os.Getenv(benchWorkloads))
	if err != nil {
		return false
	}
	host.Main(func() error {
		env := config.Staging()
		charttest.Workloads(n)(&env)
		if err := env.Validate(); err != nil {
			return err
		}
		_, err := charts.Render(env, os.Getenv(benchDir))
		return err
	})
	fmt.Fprintln(os.Stderr, "unreachable: host.Main exits")
	return true
}
