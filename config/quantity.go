package config

import (
	"math"
	"regexp"
	"strconv"
)

// quantityRule is Kubernetes' resource.Quantity without signs and exponents,
// which nobody means in a request or limit.
var quantityRule = regexp.MustCompile(`^([0-9]{1,15}(?:\.[0-9]{1,3})?)([A-Za-z]*)$`)

// A measure is one kind of quantity. Kubernetes takes every unit and any amount
// for each, but "128Mi" of CPU fits on no node and "128m" of memory starts no
// container, so the units that make sense and some bounds are ours.
type measure struct {
	units               map[string]float64 // by suffix, in the base unit
	least, most         float64
	leastText, mostText string
	oneExample, another string
}

var (
	// cpu is counted in thousandths of a core, the finest that Kubernetes
	// keeps. The bounds are a tenth of what an idle Node server takes and the
	// largest node that this platform is meant for.
	cpu = measure{
		units: map[string]float64{"": 1000, "m": 1},
		least: 10, leastText: "10m",
		most: 64_000, mostText: "64",
		oneExample: "250m", another: "0.5",
	}
	// storage is counted in bytes and covers memory and files. Below 16Mi the
	// container runtime itself may fail; a plain number is always a forgotten
	// unit.
	storage = measure{
		units: map[string]float64{
			"k": 1e3, "M": 1e6, "G": 1e9,
			"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30,
		},
		least: 16 << 20, leastText: "16Mi",
		most: 64 << 30, mostText: "64Gi",
		oneExample: "128Mi", another: "1.5Gi",
	}
)

// quantity checks a Kubernetes quantity such as "250m" or "128Mi" and returns
// it in the measure's base unit; ok is false after a problem.
func quantity(c *checker, field, value string, m measure) (amount float64, ok bool) {
	parts := quantityRule.FindStringSubmatch(value)
	if parts == nil || m.units[parts[2]] == 0 {
		c.add(field, value, "must be a quantity with a unit such as %q or %q", m.oneExample, m.another)
		return 0, false
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	amount = math.Round(number * m.units[parts[2]]) // 0.07 cores are 70m, not 70.00000000000001m
	if err != nil || amount < m.least || amount > m.most {
		c.add(field, value, "must be between %s and %s", m.leastText, m.mostText)
		return 0, false
	}
	return amount, true
}
