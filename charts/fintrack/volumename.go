package fintrack

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
)

var (
	plainPath    = regexp.MustCompile(`^[a-z0-9/]{1,50}$`)
	notInAVolume = regexp.MustCompile(`[^a-z0-9]+`)
)

// volumeName turns a directory into the name of its volume, which must be a
// DNS label: "/tmp" gives "tmp", "/var/run" gives "var-run". The name depends
// on the path alone, so that adding one directory never renames another. A path
// with anything but small letters and digits loses something on the way and
// gets six digits of its hash instead: "/app/.next" and "/app/next" stay apart.
func volumeName(path string) string {
	name := strings.Trim(notInAVolume.ReplaceAllString(strings.ToLower(path), "-"), "-")
	if plainPath.MatchString(path) {
		return name
	}
	// 50 and a hyphen and 6 are within the 63 of a label.
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(path)))[:6]
	return strings.TrimLeft(strings.TrimRight(name[:min(len(name), 50)], "-")+"-"+hash, "-")
}
