package config

import (
	"net/netip"
	"strings"
)

// privateRanges are the addresses that no one routes on the internet: RFC 1918
// and, last, the shared range of RFC 6598, which VPCs may use too.
var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"),
}

// cidr parses an IPv4 range; on a problem the result is invalid.
func cidr(c *checker, field, value string, shortest, longest int) netip.Prefix {
	p, err := netip.ParsePrefix(value)
	switch {
	case err != nil || !p.Addr().Is4():
		c.add(field, value, "must be an IPv4 range such as \"10.0.0.0/16\"")
	case p.Masked() != p:
		c.add(field, value, "has bits set behind the mask, write %q", p.Masked())
	case p.Bits() < shortest || p.Bits() > longest:
		c.add(field, value, "must have a prefix length between /%d and /%d", shortest, longest)
	default:
		return p
	}
	return netip.Prefix{}
}

// cidrs checks a list of at most `most` ranges. One that overlaps another is a
// problem: most often somebody added a narrow range and left the wide one.
// private says for each whether it must be private or public.
func cidrs(c *checker, list string, values []string, most int, private bool, rule string) {
	count(c, list, len(values), 0, most)
	field := indexed(list, "")
	var seen placed
	for i, value := range values {
		p := cidr(c, field(i), value, 0, 32)
		if !p.IsValid() {
			continue
		}
		c.require(isPrivate(p) == private, field(i), value, "%s", rule)
		seen.add(c, field(i), p)
	}
}

// placed are ranges that must not overlap.
type placed []struct {
	field  string
	prefix netip.Prefix
}

func (seen *placed) add(c *checker, field string, p netip.Prefix) {
	for _, other := range *seen {
		if other.prefix.Overlaps(p) {
			c.add(field, p.String(), "overlaps %s %q", other.field, other.prefix)
			break
		}
	}
	*seen = append(*seen, struct {
		field  string
		prefix netip.Prefix
	}{field, p})
}

// within says whether inner lies wholly inside outer.
func within(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// isPrivate says whether the whole range is private.
func isPrivate(p netip.Prefix) bool {
	for _, private := range privateRanges {
		if within(private, p) {
			return true
		}
	}
	return false
}

// listRanges writes ranges for a message.
func listRanges(ranges []netip.Prefix) string {
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		texts[i] = r.String()
	}
	return strings.Join(texts, ", ")
}
