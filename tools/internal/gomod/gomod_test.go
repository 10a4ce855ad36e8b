package gomod_test

import (
	"archive/zip"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/tools/internal/gomod"
)

// fileProxy serves example.com/tiny@v1.0.0 from a folder, so that the tests run
// the real go command and need no network.
func fileProxy(t *testing.T) {
	t.Helper()
	proxy := t.TempDir()
	dir := filepath.Join(proxy, "example.com", "tiny", "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"v1.0.0.info": `{"Version":"v1.0.0"}`,
		"v1.0.0.mod":  "module example.com/tiny\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(dir, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"go.mod", "crds/thing.yaml"} {
		w, err := z.Create("example.com/tiny@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("module example.com/tiny\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
	t.Setenv("GONOSUMDB", "example.com")
	t.Setenv("GOFLAGS", "-modcacherw") // or the test could not delete its own module cache
	t.Setenv("GOMODCACHE", t.TempDir())
}

func TestFetchChecksThePinnedSum(t *testing.T) {
	fileProxy(t)
	_, err := gomod.Fetch(t.Context(), "example.com/tiny", "v1.0.0", "h1:wrong")
	if err == nil || !strings.Contains(err.Error(), "pinned is h1:wrong") {
		t.Fatalf("a wrong checksum must be refused and named, got: %v", err)
	}

	sum := regexp.MustCompile(`checksum is (h1:[^,]+),`).FindStringSubmatch(err.Error())
	if sum == nil {
		t.Fatalf("the message must hold the true checksum, got: %v", err)
	}
	dir, err := gomod.Fetch(t.Context(), "example.com/tiny", "v1.0.0", sum[1])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "crds", "thing.yaml")); err != nil {
		t.Errorf("the module's files must be in the folder: %v", err)
	}
}

func TestFetchWorksOfflineOnceDownloaded(t *testing.T) {
	fileProxy(t)
	_, err := gomod.Fetch(t.Context(), "example.com/tiny", "v1.0.0", "")
	sum := regexp.MustCompile(`checksum is (h1:[^,]+),`).FindStringSubmatch(err.Error())
	t.Setenv("GOPROXY", "off")
	if _, err := gomod.Fetch(t.Context(), "example.com/tiny", "v1.0.0", sum[1]); err != nil {
		t.Errorf("a module in the cache needs no proxy: %v", err)
	}
}

func TestFetchNamesWhatIsMissing(t *testing.T) {
	fileProxy(t)
	_, err := gomod.Fetch(t.Context(), "example.com/tiny", "v2.0.0", "h1:any")
	if err == nil || !strings.Contains(err.Error(), "example.com/tiny@v2.0.0") {
		t.Errorf("the error must name module and version, got: %v", err)
	}
}

func TestFetchStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := gomod.Fetch(ctx, "example.com/tiny", "v1.0.0", "h1:any"); err == nil {
		t.Error("a cancelled context must end in an error")
	}
}
