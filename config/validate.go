package config

import (
	"maps"
	"slices"
	"strings"
)

// retentionDays are the retentions that CloudWatch Logs takes (API reference,
// PutRetentionPolicy).
var retentionDays = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// DatabaseSecret is the name below the secrets' prefix of the login that the
// optional database makes for itself, DatabasePort is where it listens.
const (
	DatabaseSecret = "postgres"
	DatabasePort   = 5432
)

// Validate checks every rule and reports all that are broken as Problems; nil
// means that the environment can be synthesized and rendered. It never panics,
// whatever the value.
func (e Environment) Validate() error {
	c := &checker{}
	e.general(c)
	vpc := e.Network.validate(c, e.Region)
	e.Cluster.validate(c, e, vpc)
	e.Registry.validate(c)
	e.Database.validate(c)
	e.Secrets.validate(c)
	e.Logs.validate(c)
	e.Alarms.validate(c)
	e.Atlas.validate(c)
	e.workloads(c)
	e.releases(c)
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}

// Unedited lists the values that still are the example's and that a real
// deployment must replace.
func (e Environment) Unedited() Problems {
	c := &checker{}
	const rule = "is the example's: put yours at the top of config/staging.go"
	c.require(e.Account != exampleAccount, "account", e.Account, rule)
	c.require(e.Owner != exampleOwner, "owner", e.Owner, rule)
	c.require(e.Repository != exampleRepository, "repository", e.Repository, rule)
	for i, w := range e.Workloads {
		if w.Ingress != nil {
			host := w.Ingress.Host
			c.require(host != exampleDomain && !strings.HasSuffix(host, "."+exampleDomain), indexed("workloads", ".ingress.host")(i), host, rule)
		}
	}
	return c.problems
}

func (e Environment) general(c *checker) {
	project := name(c, "project", e.Project, longestProject)
	c.require(hasAnyPrefix(e.Project, "aws", "ssm") == "", "project", e.Project, "must not begin with \"aws\" or \"ssm\", which Systems Manager refuses in a parameter's path")
	same := strings.EqualFold(e.DisplayName, strings.ReplaceAll(e.Project, "-", ""))
	c.require(displayRule.MatchString(e.DisplayName) && (same || !project), "displayName", e.DisplayName, "must be project %q in capital and small letters, without hyphens and with a capital first", e.Project)
	name(c, "name", e.Name, longestName)
	suffix := hasAnySuffix(e.Name, reservedSuffixes)
	c.require(suffix == "", "name", e.Name, "must not end in %q, or a branch or stack of it is also one of environment %q", suffix, strings.TrimSuffix(e.Name, suffix))
	c.require(accountRule.MatchString(e.Account), "account", e.Account, "must be the twelve digits of an AWS account")
	oneOf(c, "region", e.Region, regions...)
	email(c, "owner", e.Owner)
	c.require(repositoryRule.MatchString(e.Repository) && !strings.HasSuffix(e.Repository, ".git"), "repository", e.Repository, "must be a Git repository as \"owner/name\", without \".git\"")
	if name(c, "namespace", e.Namespace, longestNamespace) {
		reserved := slices.Contains(reservedNamespaces, e.Namespace) || strings.HasPrefix(e.Namespace, "kube-")
		c.require(!reserved, "namespace", e.Namespace, "must be the workloads' own, not one of kube-*, %s", strings.Join(reservedNamespaces, ", "))
	}
}

func (r Registry) validate(c *checker) {
	// ECR allows 256 characters; the workload's name follows.
	c.require(registryRule.MatchString(r.Prefix) && len(r.Prefix) <= 128, "registry.prefix", r.Prefix, "must be the first part of an ECR repository name: lower-case letters and digits, joined by one of . _ - /, at most 128 characters")
	// The deployed image and the one to roll back to.
	between(c, "registry.keepImages", r.KeepImages, 2, 1000)
	between(c, "registry.untaggedDays", r.UntaggedDays, 1, 365)
}

func (d Database) validate(c *checker) {
	if !d.Enabled {
		return
	}
	c.require(postgresRule.MatchString(d.EngineVersion), "database.engineVersion", d.EngineVersion, "must be a PostgreSQL version from 14 to 18 such as \"17.6\"")
	c.require(isDatabaseClass(d.InstanceClass), "database.instanceClass", d.InstanceClass, "must be an RDS class such as \"db.t4g.micro\" or \"db.m7g.large\", of the families %s", strings.Join(databaseFamilies, ", "))
	c.require(databaseRule.MatchString(d.Name), "database.name", d.Name, "must be lower-case letters, digits and underscores, begin with a letter and have at most 63 characters")
	reserved := []string{"rdsadmin", "template0", "template1"}
	c.require(!slices.Contains(reserved, d.Name), "database.name", d.Name, "must be a database of its own, not one of %s", strings.Join(reserved, ", "))
	if between(c, "database.storageGiB", d.StorageGiB, 20, 65536) {
		// RDS refuses a bound that is less than a tenth above the storage.
		between(c, "database.maxStorageGiB", d.MaxStorageGiB, d.StorageGiB+(d.StorageGiB+9)/10, 65536)
	} else {
		between(c, "database.maxStorageGiB", d.MaxStorageGiB, 22, 65536)
	}
	between(c, "database.backupDays", d.BackupDays, 1, 35)
}

func (s Secrets) validate(c *checker) {
	// Secrets Manager allows 512 characters; the secret's own path follows.
	c.require(secretRule.MatchString(s.Prefix) && len(s.Prefix) <= 128, "secrets.prefix", s.Prefix, "must be a path of letters, digits and . _ - without leading and trailing slash, at most 128 characters")
}

func (l Logs) validate(c *checker) {
	// CloudWatch allows 512 characters; environment and group follow.
	c.require(logPrefixRule.MatchString(l.Prefix) && len(l.Prefix) <= 128, "logs.prefix", l.Prefix, "must be a path such as \"/fintrack\", at most 128 characters")
	c.require(l.Prefix != "/aws" && !strings.HasPrefix(l.Prefix, "/aws/"), "logs.prefix", l.Prefix, "must not lie in \"/aws\", where AWS' own log groups are")
	count(c, "logs.groups", len(l.Groups), 1, 50)
	var names []string
	for i, g := range l.Groups {
		field := indexed("logs.groups", "")(i)
		c.require(logNameRule.MatchString(g.Name), field+".name", g.Name, "must be letters, digits and . _ -, at most 128 characters")
		oneOf(c, field+".retentionDays", g.RetentionDays, retentionDays...)
		names = append(names, g.Name)
	}
	unique(c, indexed("logs.groups", ".name"), names)
}

func (a Alarms) validate(c *checker) {
	c.require(len(a.Emails) > 0, "alarms.emails", a.Emails, "must name who hears of alarms")
	field := indexed("alarms.emails", "")
	for i, address := range a.Emails {
		email(c, field(i), address)
	}
	unique(c, field, a.Emails)
}

func (a Atlas) validate(c *checker) {
	c.require(a.ProjectID == "" || atlasProjectRule.MatchString(a.ProjectID), "atlas.projectID", a.ProjectID, "must be the 24 hexadecimal digits of an Atlas project, or empty")
	c.require(a.Profile == "" || atlasProfileRule.MatchString(a.Profile), "atlas.profile", a.Profile, "must be the last part of a secret's name: letters, digits and _ -, at most 64 characters, or empty")
}

func (e Environment) releases(c *checker) {
	if e.Releases.err != nil {
		c.add("releases", e.Releases.file, "%v", e.Releases.err)
		return
	}
	if isName(e.Name, longestName) {
		// A copied environment that keeps the other's file would be deployed
		// by the other's pipeline.
		own := releaseFile(e.Name)
		c.require(e.Releases.file == "" || e.Releases.file == own, "releases", e.Releases.file, "is the file of another environment, this one's is %q", own)
	}
	var known []string
	for _, w := range e.Workloads {
		known = append(known, w.Name)
	}
	for _, workload := range slices.Sorted(maps.Keys(e.Releases.Workloads)) {
		r := e.Releases.Workloads[workload]
		field := keyed("releases.workloads", workload)
		c.require(slices.Contains(known, workload), field, workload, "is not a workload of this environment, choose one of %q", known)
		c.require(tagRule.MatchString(r.Tag), field+".tag", r.Tag, "must be an image tag: letters, digits and . _ -, at most 63 characters")
		c.require(r.Tag != "latest" && r.Tag != "unreleased", field+".tag", r.Tag, "must name one build")
		c.require(digestRule.MatchString(r.Digest), field+".digest", r.Digest, "must be \"sha256:\" and 64 hexadecimal digits")
		c.require(commitRule.MatchString(r.Commit), field+".commit", r.Commit, "must be a full commit of 40 hexadecimal digits")
	}
}
