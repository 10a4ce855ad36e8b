package nat_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/fintrack/platform/internal/vpcsim"
)

// BenchmarkForwarding compares the NAT with a plain router: the same machine,
// interfaces and hosts, with and without the rules of the script. The two take
// turns, a second each, three times in a run, and the ratio is of the medians.
//
//   - bulk-ratio: bytes of one TCP connection, NAT / router
//   - connections-ratio: TCP connections opened and closed one after the other,
//     NAT / router
func BenchmarkForwarding(b *testing.B) {
	inSandbox(b, func(r rendered) {
		const rounds = 3
		v := vpc(b, r, nil)
		m := v.Launch(r.UserData)
		// The service looks once and then leaves the rules alone.
		out, err := m.Boot("NAT_ROUND=3600")
		if err := serves(v, m, err); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		const drain = vpcsim.InternetHost + ":9"
		v.Drain("internet", drain)

		must := func(args ...string) {
			if out, err := m.Run(nil, args...); err != nil {
				b.Fatalf("%v: %s", args, out)
			}
		}
		bulk, connections := map[string][]float64{}, map[string][]float64{}
		measure := func(way string) {
			bulk[way] = append(bulk[way], megabytes(b, v, drain))
			connections[way] = append(connections[way], dials(b, v, drain))
		}
		for b.Loop() {
			for range rounds {
				measure("nat")
				restore := v.Bypass(m)
				must("nft", "delete", "table", "ip", "nat")
				measure("router")
				must("nft", "--file", "/etc/nat/rules.nft")
				restore()
			}
		}
		b.ReportMetric(0, "ns/op") // a run is as long as it is
		b.ReportMetric(median(bulk["nat"]), "nat-MB/s")
		b.ReportMetric(median(bulk["router"]), "router-MB/s")
		b.ReportMetric(median(bulk["nat"])/median(bulk["router"]), "bulk-ratio")
		b.ReportMetric(median(connections["nat"]), "nat-connections/s")
		b.ReportMetric(median(connections["router"]), "router-connections/s")
		b.ReportMetric(median(connections["nat"])/median(connections["router"]), "connections-ratio")
	})
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// megabytes sends for a second and returns how much went, in MB/s.
func megabytes(b *testing.B, v *vpcsim.VPC, to string) float64 {
	b.Helper()
	conn, err := v.Dial("private", "tcp4", to)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	buffer := make([]byte, 128<<10)
	sent, start := 0, time.Now()
	for time.Since(start) < time.Second {
		n, err := conn.Write(buffer)
		if err != nil {
			b.Fatal(err)
		}
		sent += n
	}
	return float64(sent) / 1e6 / time.Since(start).Seconds()
}

// dials opens and resets connections for a second and returns how many.
func dials(b *testing.B, v *vpcsim.VPC, to string) float64 {
	b.Helper()
	n, start := 0, time.Now()
	for time.Since(start) < time.Second {
		conns, err := v.DialMany(200, "private", "tcp4", to)
		for _, conn := range conns {
			_ = conn.(*net.TCPConn).SetLinger(0) // a reset leaves no port behind
			conn.Close()
		}
		if err != nil {
			b.Fatal(err)
		}
		n += len(conns)
	}
	return float64(n) / time.Since(start).Seconds()
}
