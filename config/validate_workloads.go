package config

import (
	"path"
	"slices"
	"strings"
)

// spotSeconds is what a pod has to leave a SPOT node: two minutes' notice less
// twenty seconds until the drain has begun and the load balancer knows of it.
const spotSeconds = 100

// systemDirs must not be hidden behind an empty directory: the image's
// programs, the kernel's files and the pod's own tokens live there.
var systemDirs = []string{"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run/secrets", "/sbin", "/sys", "/usr", "/var/run/secrets"}

func (e Environment) workloads(c *checker) {
	count(c, "workloads", len(e.Workloads), 1, 1000)
	var names, hosts, hostFields []string
	descriptions := map[string]string{}
	for i, w := range e.Workloads {
		field := indexed("workloads", "")(i)
		w.validate(c, e, field)
		w.validateVariables(c, e, field, descriptions)
		names = append(names, w.Name)
		if w.Ingress != nil {
			hosts = append(hosts, w.Ingress.Host)
			hostFields = append(hostFields, field+".ingress.host")
		}
	}
	distinct(c, indexed("workloads", ".name"), names)
	unique(c, func(i int) string { return hostFields[i] }, hosts)
}

// distinct requires names to differ in more than hyphens, because those vanish
// from the names of CloudFormation outputs: api-2 and api2 are both "Api2".
func distinct(c *checker, field func(i int) string, names []string) {
	unique(c, field, names)
	first := map[string]int{}
	for i, name := range names {
		plain := strings.ReplaceAll(name, "-", "")
		if j, seen := first[plain]; seen {
			c.require(names[j] == name, field(i), name, "is, without hyphens, the same as %s %q", field(j), names[j])
			continue
		}
		first[plain] = i
	}
}

func (w Workload) validate(c *checker, e Environment, field string) {
	w.validateName(c, e, field+".name")
	name(c, field+".component", w.Component, 63)
	between(c, field+".port", w.Port, 1024, 65535) // a non-root user cannot bind a lower one
	between(c, field+".servicePort", w.ServicePort, 1, 65535)
	between(c, field+".user", w.User, 1, 65535)
	w.Autoscaling.validate(c, field+".autoscaling")
	if !w.Autoscaling.Enabled {
		between(c, field+".replicas", w.Replicas, 1, 1000)
	}
	w.Resources.validate(c, field+".resources")
	httpPath(c, field+".health.live", w.Health.Live, "/healthz")
	httpPath(c, field+".health.ready", w.Health.Ready, "/readyz")
	if w.Ingress != nil {
		w.Ingress.validate(c, field+".ingress")
	}
	w.validateEgress(c, field+".egress")
	w.validateWritable(c, field+".writable")
	if w.MetricsPath != "" {
		httpPath(c, field+".metricsPath", w.MetricsPath, "/metrics")
	}
	drain := between(c, field+".drainSeconds", w.DrainSeconds, 0, 3600) // the load balancer's own bounds
	shutdown := between(c, field+".shutdownSeconds", w.ShutdownSeconds, 1, 600)
	if drain && shutdown && e.Cluster.Nodes.CapacityType == "SPOT" {
		c.require(w.DrainSeconds+w.ShutdownSeconds <= spotSeconds, field+".drainSeconds", w.DrainSeconds, "and shutdownSeconds %d together must be at most %d, because SPOT nodes go two minutes after the notice", w.ShutdownSeconds, spotSeconds)
	}
	for i, p := range w.Permissions {
		p.validate(c, indexed(field+".permissions", "")(i))
	}
}

func (w Workload) validateName(c *checker, e Environment, field string) {
	ok := name(c, field, w.Name, longestWorkload)
	if ok && isName(e.Project, longestProject) && isName(e.Name, longestName) {
		role := strings.Join([]string{e.Project, e.Name, w.Name}, "-")
		c.require(len(role) <= longestRole, field, w.Name, "makes the role name %q, which is longer than IAM's %d characters", role, longestRole)
	}
	c.require(!slices.Contains(reservedWorkloads, w.Name), field, w.Name, "is a name that the platform uses itself, choose another than %s", strings.Join(reservedWorkloads, ", "))
}

func (a Autoscaling) validate(c *checker, field string) {
	if !a.Enabled {
		return
	}
	minOK := between(c, field+".min", a.Min, 1, 1000)
	maxOK := between(c, field+".max", a.Max, 1, 1000)
	if minOK && maxOK {
		c.require(a.Min <= a.Max, field+".min", a.Min, "must not be more than %s.max %d", field, a.Max)
	}
	between(c, field+".cpuPercent", a.CPUPercent, 1, 100)
}

func (r Resources) validate(c *checker, field string) {
	for _, pair := range []struct {
		name           string
		request, limit string
		measure        measure
	}{
		{field + ".cpu", r.CPURequest, r.CPULimit, cpu},
		{field + ".memory", r.MemoryRequest, r.MemoryLimit, storage},
	} {
		request, requestOK := quantity(c, pair.name+"Request", pair.request, pair.measure)
		limit, limitOK := quantity(c, pair.name+"Limit", pair.limit, pair.measure)
		if requestOK && limitOK {
			c.require(request <= limit, pair.name+"Request", pair.request, "must not be more than the limit %q", pair.limit)
		}
	}
}

func (i Ingress) validate(c *checker, field string) {
	c.require(hostRule.MatchString(i.Host) && len(i.Host) <= 253, field+".host", i.Host, "must be a DNS name in lower case such as \"app.example.com\"")
	c.require(len(i.InboundCIDRs) > 0, field+".inboundCIDRs", i.InboundCIDRs, "must name who may reach the load balancer")
	oneOf(c, field+".scheme", i.Scheme, "internet-facing", "internal")
	internal := i.Scheme == "internal"
	rule := "must be a public range: an internet-facing load balancer sees no private addresses"
	if internal {
		rule = "must be a private range: an internal load balancer sees no public addresses"
	}
	// A security group takes 60 rules; each range needs one for HTTP and one
	// for HTTPS.
	cidrs(c, field+".inboundCIDRs", i.InboundCIDRs, 30, internal, rule)
}

func (w Workload) validateEgress(c *checker, list string) {
	type target struct {
		port int
		vpc  bool
	}
	var names []string
	first := map[target]string{}
	for i, egress := range w.Egress {
		field := indexed(list, "")(i)
		c.require(portNameRule.MatchString(egress.Name), field+".name", egress.Name, "must be lower-case letters, digits and hyphens, begin with a letter and have at most 15 characters")
		between(c, field+".port", egress.Port, 1, 65535)
		names = append(names, egress.Name)
		t := target{egress.Port, egress.VPC}
		c.require(first[t] == "", field+".port", egress.Port, "is open already by %s", first[t])
		first[t] = field
	}
	unique(c, indexed(list, ".name"), names)
}

func (w Workload) validateWritable(c *checker, list string) {
	var dirs []string
	for i, dir := range w.Writable {
		field := indexed(list, "")(i)
		c.require(dirRule.MatchString(dir.Path) && path.Clean(dir.Path) == dir.Path, field+".path", dir.Path, "must be a clean absolute path below the root")
		c.require(!slices.Contains(systemDirs, dir.Path), field+".path", dir.Path, "must not hide a directory of the system: %s", strings.Join(systemDirs, ", "))
		quantity(c, field+".sizeLimit", dir.SizeLimit, storage)
		dirs = append(dirs, dir.Path)
	}
	unique(c, indexed(list, ".path"), dirs)
}

func (p Permission) validate(c *checker, field string) {
	c.require(len(p.Actions) > 0, field+".actions", p.Actions, "must name at least one action")
	actions := indexed(field+".actions", "")
	for i, a := range p.Actions {
		c.require(actionRule.MatchString(a), actions(i), a, "must be an IAM action such as \"s3:GetObject\", with a wildcard only behind a verb, \"s3:Get*\"")
		c.require(hasAnyPrefix(a, "iam:", "organizations:") == "", actions(i), a, "must not be for a workload: it could give itself every other right")
	}
	unique(c, actions, p.Actions)
	c.require(len(p.Resources) > 0, field+".resources", p.Resources, "must name at least one resource")
	resources := indexed(field+".resources", "")
	for i, r := range p.Resources {
		c.require(resourceRule.MatchString(r), resources(i), r, "must be an ARN such as \"arn:${AWS::Partition}:s3:::bucket/*\", with no other ${…} than Partition, Region and AccountId")
		c.require(!isEverything(r), resources(i), r, "must not be everything of its kind: give at least the beginning of a name")
	}
	unique(c, resources, p.Resources)
}
