package vpcsim

import (
	"fmt"
	"net/http"
	"strings"
)

const metadataToken = "AQAEAtoken"

// serveMetadata answers as IMDSv2 does: only with a token, and values without a
// newline at their end.
func (m *Machine) serveMetadata() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /latest/api/token", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-aws-ec2-metadata-token-ttl-seconds") == "" {
			http.Error(w, "no TTL", http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, metadataToken)
	})
	mux.HandleFunc("GET /latest/meta-data/{path...}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-aws-ec2-metadata-token") != metadataToken {
			http.Error(w, "IMDSv1 is off", http.StatusUnauthorized)
			return
		}
		value, ok := m.metadataOf(r.PathValue("path"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, value)
	})
	return mux
}

func (m *Machine) metadataOf(path string) (string, bool) {
	v := m.vpc
	v.mu.Lock()
	defer v.mu.Unlock()
	values := map[string]string{
		"instance-id":                 m.ID,
		"mac":                         m.mac(0),
		"placement/region":            Region,
		"placement/availability-zone": Region + "a",
		"network/interfaces/macs/":    m.mac(0) + "/",
	}
	m.interfaceMetadata(values, 0, m.ownENI, m.outside)
	if v.eni.machine == m && v.eni.status == "attached" {
		values["network/interfaces/macs/"] += "\n" + m.mac(1) + "/"
		m.interfaceMetadata(values, 1, Interface, InsideAddress)
	}
	role := "iam/security-credentials/"
	values[role] = v.options.Role.Name
	values[role+v.options.Role.Name] = fmt.Sprintf(`{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":%q,"SecretAccessKey":"secret","Token":"session",`+
		`"LastUpdated":"2026-01-01T00:00:00Z","Expiration":"2099-01-01T00:00:00Z"}`, m.accessKey())
	value, ok := values[path]
	return value, ok && value != ""
}

func (m *Machine) interfaceMetadata(values map[string]string, index int, id, address string) {
	prefix := "network/interfaces/macs/" + m.mac(index) + "/"
	values[prefix+"interface-id"] = id
	values[prefix+"device-number"] = fmt.Sprint(index)
	values[prefix+"local-ipv4s"] = address
	values[prefix+"subnet-ipv4-cidr-block"] = PublicCIDR
	values[prefix+"public-ipv4s"] = m.vpc.publicOf(address)
}

// accessKey tells the API who calls.
func (m *Machine) accessKey() string { return "ASIA" + strings.ToUpper(strings.TrimPrefix(m.ID, "i-")) }
