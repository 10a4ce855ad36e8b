package vpcsim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fintrack/platform/internal/iameval"
)

// Call is one call that a machine made.
type Call struct {
	// At is when it came, since the VPC was made.
	At time.Duration
	// Machine is the id of the caller, Action the IAM action
	// ("ec2:AttachNetworkInterface").
	Machine, Action string
	// Parameters are those of the call, flat as in the query protocol.
	Parameters url.Values
	// Probes is how many connections from the caller's public address the target
	// of probes had seen before.
	Probes int
	// Witness is, for AssociateAddress, what a private host found immediately
	// before the address moved: the address it was seen with, or the error.
	Witness string
	// Requests are what IAM was asked for it, one for each resource.
	Requests []iameval.Request
	// Error is the code of the answer, empty for success.
	Error string
}

// Metric is one value that a machine published.
type Metric struct {
	Namespace, Name, Unit string
	Dimensions            map[string]string
	Value                 float64
}

// witnessPort is where the witness asks the internet host.
const witnessPort = ":7"

// mutating are the calls that change something.
var mutating = []string{"ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface", "ec2:AssociateAddress"}

// Calls are the calls of an action so far, or all of them ("").
func (v *VPC) Calls(action string) []Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	var calls []Call
	for _, c := range v.calls {
		if action == "" || c.Action == action {
			calls = append(calls, c)
		}
	}
	return calls
}

// Mutations counts the calls that change something.
func (v *VPC) Mutations() int {
	n := 0
	for _, action := range mutating {
		n += len(v.Calls(action))
	}
	return n
}

// Signals are what the machines reported, in order: "CloudFormation SUCCESS
// i-…", "Auto Scaling CONTINUE i-…", "Auto Scaling Unhealthy i-…".
func (v *VPC) Signals() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.signals)
}

// Metrics are the published values.
func (v *VPC) Metrics() []Metric {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.metrics)
}

// Forbidden are the calls that the role's policies do not allow.
func (v *VPC) Forbidden() []Call {
	var forbidden []Call
	for _, c := range v.Calls("") {
		if c.Error == "UnauthorizedOperation" || c.Error == "AccessDenied" {
			forbidden = append(forbidden, c)
		}
	}
	return forbidden
}

// BlockProbes makes the target of probes unreachable, or reachable again.
func (v *VPC) BlockProbes(blocked bool) { v.block(probeHost, blocked) }

// BlockAPI does the same with AWS' endpoints.
func (v *VPC) BlockAPI(blocked bool) { v.block(apiHost, blocked) }

func (v *VPC) block(address string, blocked bool) {
	if blocked {
		v.must("ip", "route", "replace", "unreachable", address)
		return
	}
	v.must("ip", "route", "replace", address, "dev", "internet")
}

// api answers the calls.
type api struct {
	vpc         *VPC
	certificate string
	server      *http.Server
	probes      net.Listener
	seen        map[string]int // probes by public address
}

func newAPI(v *VPC) *api {
	a := &api{vpc: v, seen: map[string]int{}}
	certificate := a.newCertificate()
	listener, err := v.Listen("internet", apiHost+":443")
	if err != nil {
		v.tb.Fatal(err)
	}
	a.server = &http.Server{
		Handler: http.HandlerFunc(a.serve), ReadHeaderTimeout: patience,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	go a.server.ServeTLS(listener, "", "") //nolint:errcheck // ends with the test
	if a.probes, err = v.Listen("internet", probeHost+":443"); err != nil {
		v.tb.Fatal(err)
	}
	go serve(a.probes, func(conn net.Conn) {
		host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
		v.mu.Lock()
		a.seen[host]++
		v.mu.Unlock()
	})
	v.Mirror("internet", InternetHost+witnessPort)
	return a
}

func (a *api) close() {
	_ = a.server.Close()
	_ = a.probes.Close()
}

func (a *api) newCertificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.vpc.tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"*." + Region + ".amazonaws.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		a.vpc.tb.Fatal(err)
	}
	a.certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// refusal is an error answer.
type refusal struct{ code, message string }

func (r refusal) Error() string { return r.code + ": " + r.message }

// arn makes an ARN of the account.
func arn(service, resource string) string {
	return "arn:" + Partition + ":" + service + ":" + Region + ":" + Account + ":" + resource
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	service, _, _ := strings.Cut(r.Host, ".")
	if service == "monitoring" {
		service = "cloudwatch"
	}
	action, parameters, err := parameters(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call := Call{At: time.Since(a.vpc.started), Action: service + ":" + action, Parameters: parameters}
	body, after, err := a.answer(r, &call)
	if err != nil {
		code, message := "InternalError", err.Error()
		if refused, ok := err.(refusal); ok { //nolint:errorlint // never wrapped
			code, message = refused.code, refused.message
		}
		call.Error = code
		body = fmt.Sprintf("<ErrorResponse><Error><Code>%[1]s</Code><Message>%[2]s</Message></Error></ErrorResponse>", code, message)
		switch {
		case r.Header.Get("X-Amz-Target") != "":
			body = fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)
		case service == "ec2":
			body = fmt.Sprintf("<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r</RequestID></Response>", code, message)
		}
	}
	a.vpc.mu.Lock()
	a.vpc.calls = append(a.vpc.calls, call)
	lose := call.Action == "ec2:AssociateAddress" && err == nil && a.vpc.options.LoseAnswers > 0
	if lose {
		a.vpc.options.LoseAnswers--
	}
	a.vpc.mu.Unlock()
	if lose {
		after() // the way back is cut before the answer is sent
		after = nil
	}
	if r.Header.Get("X-Amz-Target") != "" {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = io.WriteString(w, body) //nolint:gosec // no browser reads it
	if after != nil {
		go after()
	}
}

// parameters reads a call of the query protocols, or of JSON.
func parameters(r *http.Request) (action string, values url.Values, err error) {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		var body any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return "", nil, err
		}
		values = url.Values{}
		flatten(values, "", body)
		_, action, _ = strings.Cut(target, ".")
		return action, values, nil
	}
	if err := r.ParseForm(); err != nil {
		return "", nil, err
	}
	return r.Form.Get("Action"), r.Form, nil
}

// flatten writes JSON as the query protocol would: MetricData.member.1.Value.
func flatten(values url.Values, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, element := range v {
			flatten(values, strings.TrimPrefix(name+"."+key, "."), element)
		}
	case []any:
		for i, element := range v {
			flatten(values, name+".member."+strconv.Itoa(i+1), element)
		}
	case float64:
		values.Set(name, strconv.FormatFloat(v, 'f', -1, 64))
	default:
		values.Set(name, fmt.Sprint(v))
	}
}

// caller finds the machine by the key that the metadata service gave it.
func (a *api) caller(r *http.Request) *Machine {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(credential, "/")
	for _, m := range a.vpc.machines {
		if key == m.accessKey() {
			return m
		}
	}
	return nil
}

// answer does what a call asks. What it returns as after happens when the
// answer is on its way.
func (a *api) answer(r *http.Request, call *Call) (body string, after func(), err error) {
	v := a.vpc
	v.mu.Lock()
	defer v.mu.Unlock()
	m := a.caller(r)
	if m == nil {
		return "", nil, refusal{"AuthFailure", "the credentials are not those of a machine's role"}
	}
	call.Machine = m.ID
	call.Probes = a.seen[v.publicOf(m.outside)]
	p := call.Parameters

	switch call.Action {
	case "ec2:DescribeNetworkInterfaces":
		if err := a.allowed(call, "*", nil); err != nil {
			return "", nil, err
		}
		return a.describe(p)
	case "ec2:AttachNetworkInterface":
		return a.attach(m, call)
	case "ec2:DetachNetworkInterface":
		return a.detach(call)
	case "ec2:AssociateAddress":
		return a.associate(m, call)
	case "autoscaling:CompleteLifecycleAction", "autoscaling:SetInstanceHealth":
		group := p.Get("AutoScalingGroupName")
		if group == "" {
			group = v.options.Group // SetInstanceHealth names the machine only
		}
		if err := a.allowed(call, arn("autoscaling", "autoScalingGroup:0a1b2c3d:autoScalingGroupName/"+group), nil); err != nil {
			return "", nil, err
		}
		if p.Get("HealthStatus") == "" && (group != v.options.Group || p.Get("LifecycleHookName") != v.options.Hook) {
			return "", nil, refusal{"ValidationError", "No active Lifecycle Action found"}
		}
		v.signals = append(v.signals, "Auto Scaling "+p.Get("LifecycleActionResult")+p.Get("HealthStatus")+" "+p.Get("InstanceId"))
		return fmt.Sprintf("<%[1]sResponse><%[1]sResult/></%[1]sResponse>", p.Get("Action")), nil, nil
	case "cloudformation:SignalResource":
		if err := a.allowed(call, p.Get("StackName"), nil); err != nil {
			return "", nil, err
		}
		if p.Get("StackName") != StackID || p.Get("LogicalResourceId") != v.options.Resource {
			return "", nil, refusal{"ValidationError", "is in UPDATE_COMPLETE state and cannot be signaled"}
		}
		v.signals = append(v.signals, "CloudFormation "+p.Get("Status")+" "+p.Get("UniqueId"))
		return "<SignalResourceResponse/>", nil, nil
	case "cloudwatch:PutMetricData":
		if err := a.allowed(call, "*", map[string][]string{"cloudwatch:namespace": {p.Get("Namespace")}}); err != nil {
			return "", nil, err
		}
		v.metrics = append(v.metrics, metricsOf(p)...)
		if r.Header.Get("X-Amz-Target") != "" {
			return "{}", nil, nil
		}
		return "<PutMetricDataResponse/>", nil, nil
	}
	return "", nil, refusal{"InvalidAction", call.Action + " is not known here"}
}

// allowed asks the role's policies, once for each resource of a call.
func (a *api) allowed(call *Call, resource string, context map[string][]string) error {
	all := map[string][]string{"ec2:Region": {Region}, "aws:RequestedRegion": {Region}}
	maps.Copy(all, context)
	request := iameval.Request{Action: call.Action, Resource: resource, Context: all}
	call.Requests = append(call.Requests, request)
	decision := iameval.Evaluate(a.vpc.options.Role.Policies, request)
	if decision.Allowed {
		return nil
	}
	code := "AccessDenied"
	if strings.HasPrefix(call.Action, "ec2:") {
		code = "UnauthorizedOperation"
	}
	return refusal{code, call.Action + " on " + resource + ": " + decision.Reason}
}

// tags are those of everything that is launched with the role.
func (a *api) tags() map[string][]string {
	context := map[string][]string{}
	for key, value := range a.vpc.options.Role.Tags {
		context["aws:ResourceTag/"+key] = []string{value}
		context["ec2:ResourceTag/"+key] = []string{value}
	}
	return context
}

func (a *api) describe(p url.Values) (string, func(), error) {
	if id := p.Get("NetworkInterfaceId.1"); id != Interface {
		return "", nil, refusal{"InvalidNetworkInterfaceID.NotFound", id}
	}
	attachment := ""
	if e := a.vpc.eni; e.machine != nil {
		attachment = fmt.Sprintf("<attachment><attachmentId>%s</attachmentId><instanceId>%s</instanceId><status>%s</status></attachment>", e.id, e.machine.ID, e.status)
	}
	return fmt.Sprintf("<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>%s</networkInterfaceId>%s</item></networkInterfaceSet></DescribeNetworkInterfacesResponse>", Interface, attachment), nil, nil
}

func (a *api) attach(m *Machine, call *Call) (string, func(), error) {
	v, p := a.vpc, call.Parameters
	if err := a.allowed(call, arn("ec2", "network-interface/"+p.Get("NetworkInterfaceId")), nil); err != nil {
		return "", nil, err
	}
	if err := a.allowed(call, arn("ec2", "instance/"+p.Get("InstanceId")), a.tags()); err != nil {
		return "", nil, err
	}
	switch {
	case p.Get("NetworkInterfaceId") != Interface || p.Get("InstanceId") != m.ID || p.Get("DeviceIndex") != "1":
		return "", nil, refusal{"InvalidParameterValue", p.Encode()}
	case v.eni.machine != nil:
		return "", nil, refusal{"InvalidNetworkInterface.InUse", "Interface: [" + Interface + "] in use."}
	}
	v.eni = attachment{id: fmt.Sprintf("eni-attach-0%d", len(v.calls)), machine: m, status: "attaching"}
	after := func() {
		time.Sleep(v.options.AttachDelay)
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.eni.machine == m && !m.dead {
			v.plugInside(m)
			v.eni.status = "attached"
		}
	}
	return fmt.Sprintf("<AttachNetworkInterfaceResponse><attachmentId>%s</attachmentId></AttachNetworkInterfaceResponse>", v.eni.id), after, nil
}

func (a *api) detach(call *Call) (string, func(), error) {
	v, p := a.vpc, call.Parameters
	holder := v.eni.machine
	if holder == nil || p.Get("AttachmentId") != v.eni.id {
		return "", nil, refusal{"InvalidAttachmentID.NotFound", p.Get("AttachmentId")}
	}
	if err := a.allowed(call, arn("ec2", "network-interface/"+Interface), nil); err != nil {
		return "", nil, err
	}
	if err := a.allowed(call, arn("ec2", "instance/"+holder.ID), a.tags()); err != nil {
		return "", nil, err
	}
	v.eni.status = "detaching"
	after := func() {
		time.Sleep(v.options.DetachDelay)
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.eni.machine == holder && v.eni.status == "detaching" {
			v.try("ip", "link", "delete", holder.name+"in")
			v.privateRoute("")
			v.eni = attachment{}
		}
	}
	return "<DetachNetworkInterfaceResponse><return>true</return></DetachNetworkInterfaceResponse>", after, nil
}

func (a *api) associate(m *Machine, call *Call) (string, func(), error) {
	v, p := a.vpc, call.Parameters
	if err := a.allowed(call, arn("ec2", "elastic-ip/"+p.Get("AllocationId")), nil); err != nil {
		return "", nil, err
	}
	if err := a.allowed(call, arn("ec2", "network-interface/"+p.Get("NetworkInterfaceId")), a.tags()); err != nil {
		return "", nil, err
	}
	if p.Get("AllocationId") != Allocation || p.Get("NetworkInterfaceId") != m.ownENI || p.Get("AllowReassociation") != "true" {
		return "", nil, refusal{"InvalidParameterValue", p.Encode()}
	}
	v.mu.Unlock()
	seen, err := v.See("private2", InternetHost+witnessPort)
	v.mu.Lock()
	call.Witness = seen
	if err != nil {
		call.Witness = err.Error()
	}
	after := func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if !m.dead {
			v.associate(m.outside)
		}
	}
	return "<AssociateAddressResponse><associationId>eipassoc-0a1b2c3d</associationId></AssociateAddressResponse>", after, nil
}

func metricsOf(p url.Values) []Metric {
	var metrics []Metric
	for i := 1; p.Has(fmt.Sprintf("MetricData.member.%d.MetricName", i)); i++ {
		prefix := fmt.Sprintf("MetricData.member.%d.", i)
		value, _ := strconv.ParseFloat(p.Get(prefix+"Value"), 64)
		metric := Metric{Namespace: p.Get("Namespace"), Name: p.Get(prefix + "MetricName"), Unit: p.Get(prefix + "Unit"), Value: value, Dimensions: map[string]string{}}
		for j := 1; p.Has(fmt.Sprintf("%sDimensions.member.%d.Name", prefix, j)); j++ {
			metric.Dimensions[p.Get(fmt.Sprintf("%sDimensions.member.%d.Name", prefix, j))] = p.Get(fmt.Sprintf("%sDimensions.member.%d.Value", prefix, j))
		}
		metrics = append(metrics, metric)
	}
	return metrics
}
