package fintrack

import (
	"regexp"
	"strings"
	"testing"
)

func TestVolumeNamesAreDistinctLabels(t *testing.T) {
	label := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	long := "/" + strings.Repeat("abcdefghij/", 30)
	paths := []string{
		"/tmp", "/Tmp", "/.tmp", "/tmp_", "/_", "/.", "/-", "/...",
		"/app/.next/cache", "/app/next/cache", "/app-next-cache", "/app.next.cache", "/app/.next-cache",
		long + "a", long + "b", long + ".a", "/" + strings.Repeat("_", 80), "/" + strings.Repeat("a", 49), "/" + strings.Repeat("a", 60),
	}
	seen := map[string]string{}
	for _, path := range paths {
		name := volumeName(path)
		if !label.MatchString(name) {
			t.Errorf("%s has the volume name %q, which is no DNS label", path, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%s and %s have the same volume name %s", path, other, name)
		}
		seen[name] = path
	}
	for path, want := range map[string]string{"/tmp": "tmp", "/var/run": "var-run", "/app/.next/cache": "app-next-cache-80022e"} {
		if got := volumeName(path); got != want {
			t.Errorf("the volume name of %s is %s, want %s", path, got, want)
		}
	}
}
