package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// passwordRule finds user and password in a URL.
var passwordRule = regexp.MustCompile(`://[^/?#@\s:]*:[^/?#@\s]+@`)

// longestSetting is far below Linux' 128 KiB for one environment variable, with
// which no program starts any more.
const longestSetting = 32 << 10

// validateVariables checks settings and secrets together, because they share
// the pod's environment. descriptions holds what the
// workloads before this one say of their secrets, and gets this one's.
func (w Workload) validateVariables(c *checker, e Environment, field string, descriptions map[string]string) {
	taken := maps.Clone(reservedVariables)
	variable := func(field, name string) {
		if !c.require(variableRule.MatchString(name), field, name, "must be the name of an environment variable") {
			return
		}
		c.require(taken[name] == "", field, name, "is set already by %s", taken[name])
		taken[name] = field
	}
	for _, key := range slices.Sorted(maps.Keys(w.Settings)) {
		f, value := keyed(field+".settings", key), w.Settings[key]
		variable(f, key)
		c.require(isText(value, "\n\t") && len(value) <= longestSetting, f, value, "must be readable text of at most %d bytes", longestSetting)
		c.require(!passwordRule.MatchString(value), f, value, "holds a password: change that, and make it one of secrets")
	}
	for i, s := range w.Secrets {
		f := indexed(field+".secrets", "")(i)
		variable(f+".variable", s.Variable)
		// Secrets Manager allows 512 characters; the prefix goes before it.
		c.require(secretRule.MatchString(s.Secret) && len(s.Secret) <= 256, f+".secret", s.Secret, "must be a path of letters, digits and . _ - without leading and trailing slash, at most 256 characters")
		if s.Secret == DatabaseSecret {
			c.require(e.Database.Enabled, f+".secret", s.Secret, "is made by the database, which is not enabled")
			reachable := slices.ContainsFunc(w.Egress, func(e Egress) bool { return e.VPC && e.Port == DatabasePort })
			c.require(reachable, f+".secret", s.Secret, "is of no use without egress to port %d in the VPC", DatabasePort)
		}
		c.require(propertyRule.MatchString(s.Property), f+".property", s.Property, "must be empty or a key of letters, digits and . _ -, at most 128 characters")
		c.require(strings.TrimSpace(s.Description) != "" && isText(s.Description, "") && len(s.Description) <= 2048, f+".description", s.Description, "must say in one line of at most 2048 bytes what the secret holds")
		before, seen := descriptions[s.Secret]
		c.require(!seen || before == s.Description, f+".description", s.Description, "is not what another variable says of secret %q: %q", s.Secret, before)
		descriptions[s.Secret] = s.Description
	}
}
