package config

import (
	"slices"
	"strings"
)

// The two CPU architectures that the platform runs on, by their Kubernetes and
// container names.
const (
	AMD64 = "amd64"
	ARM64 = "arm64"
)

// sizes are the sizes of EC2 instances in order. The largest of a family is
// left to AWS to refuse; the smallest differ enough to matter: there is no
// m5.medium and no t3.4xlarge.
var sizes = []string{
	"nano", "micro", "small", "medium", "large", "xlarge",
	"2xlarge", "4xlarge", "8xlarge", "9xlarge", "12xlarge", "16xlarge", "18xlarge", "24xlarge", "32xlarge", "48xlarge",
}

var (
	burstable  = sizes[:7]
	fromMedium = sizes[3:]
	fromLarge  = sizes[4:]
)

type family struct {
	architecture string
	sizes        []string
}

// families are the EC2 instance families that make sense for nodes and NAT
// (EC2 user guide, "Amazon EC2 instance types"). A family that is not here is
// refused, because a typo in it would be found only by the deployment; adding
// one is one word.
var families = func() map[string]family {
	all := map[string]family{}
	for names, f := range map[string]family{
		"t3 t3a": {AMD64, burstable},
		"m5 m5a m5d m6a m6i m6id m7i m7i-flex m8i c5 c5a c5d c6a c6i c6id c6in c7i c7i-flex r5 r5a r5d r6a r6i r7i": {AMD64, fromLarge},
		"m7a c7a r7a": {AMD64, fromMedium},
		"t4g":         {ARM64, burstable},
		"m6g m6gd m7g m7gd m8g c6g c6gd c6gn c7g c7gd c7gn c8g r6g r6gd r7g r7gd r8g": {ARM64, fromMedium},
	} {
		for _, name := range strings.Fields(names) {
			all[name] = f
		}
	}
	return all
}()

// databaseFamilies are those of families that RDS offers for PostgreSQL (RDS
// user guide, "DB instance classes"); their smallest are t3.micro, t4g.micro
// and large.
var databaseFamilies = strings.Fields("t3 t4g m5 m5d m6g m6gd m6i m6id m7g m7i m8g r5 r5d r6g r6gd r6i r7g r7i r8g")

// familiesOf lists the known families of an architecture in order, for error
// messages; all of them when the architecture itself is unknown.
func familiesOf(architecture string) string {
	var names []string
	for name, f := range families {
		if f.architecture == architecture || (architecture != AMD64 && architecture != ARM64) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// instanceType checks an EC2 type against the architecture in another field
// and returns its size, which is empty after a problem.
func instanceType(c *checker, field, value, architectureField, architecture string) (size string) {
	name, size, _ := strings.Cut(value, ".")
	f, known := families[name]
	switch {
	case !known:
		c.add(field, value, "is not of a known instance family, choose one of %s", familiesOf(architecture))
	case !slices.Contains(f.sizes, size):
		c.add(field, value, "is not a size of %s, choose one of %s", name, strings.Join(f.sizes, ", "))
	case f.architecture != architecture && (architecture == AMD64 || architecture == ARM64):
		c.add(field, value, "is an %s type but %s is %q, choose one of the families %s", f.architecture, architectureField, architecture, familiesOf(architecture))
	default:
		return size
	}
	return ""
}

// isDatabaseClass says whether RDS offers the class, "db.t4g.micro".
func isDatabaseClass(value string) bool {
	class, ok := strings.CutPrefix(value, "db.")
	name, size, _ := strings.Cut(class, ".")
	f := families[name]
	least := "large"
	if slices.Contains(f.sizes, "nano") { // burstable
		least = "micro"
	}
	return ok && slices.Contains(databaseFamilies, name) && slices.Contains(f.sizes, size) && slices.Index(sizes, size) >= slices.Index(sizes, least)
}
