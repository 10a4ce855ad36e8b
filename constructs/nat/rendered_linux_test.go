package nat_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/internal/vpcsim"
)

// rendered is what the template gives to a machine, with the references of the
// simulated VPC.
type rendered struct {
	UserData                         string
	Policy                           json.RawMessage
	Group, Hook, Resource, Namespace string
	Tags                             map[string]string
}

// probeHosts are the names of the targets of probes.
var probeHosts = []string{"probe-a.example.com", "probe-b.example.com"}

// renderedFile names a file with it for the process in the sandbox, which has no
// Node to synthesize with.
const renderedFile = "NAT_RENDERED"

// render synthesizes a NAT once for all tests of the binary. They run side by
// side, and jsii serves one at a time.
func render(tb testing.TB) []byte {
	tb.Helper()
	rendering.Lock()
	defer rendering.Unlock()
	if renderedOnce == nil {
		renderedOnce = renderNow(tb)
	}
	return renderedOnce
}

var (
	rendering    sync.Mutex
	renderedOnce []byte
)

func renderNow(tb testing.TB) []byte {
	tb.Helper()
	template := synth(tb, func(p *nat.Props) {
		p.ClientCIDRs = []string{vpcsim.PrivateCIDR, vpcsim.PrivateCIDR2}
		p.Machine.ProbeTargets = []string{probeHosts[0] + ":443", probeHosts[1] + ":443"}
		p.Machine.MetricNamespace = "Shop/NAT"
	})
	address, inside := template.Only(tb, "AWS::EC2::EIP").LogicalID, template.Only(tb, "AWS::EC2::NetworkInterface").LogicalID
	references := map[string]string{
		"AWS::Partition": vpcsim.Partition, "AWS::Region": vpcsim.Region, "AWS::AccountId": vpcsim.Account, "AWS::StackId": vpcsim.StackID,
		address + ".AllocationId": vpcsim.Allocation, address + ".PublicIp": vpcsim.Address,
		inside: vpcsim.Interface, inside + ".Id": vpcsim.Interface,
	}
	resolve := func(value any) any {
		resolved, err := cdktest.Resolve(value, references)
		if err != nil {
			tb.Fatal(err)
		}
		return resolved
	}
	group := template.Only(tb, "AWS::AutoScaling::AutoScalingGroup")
	launch := template.Only(tb, "AWS::EC2::LaunchTemplate")
	policies := resolve(template.Only(tb, "AWS::IAM::Role").At("Policies")).([]any)
	if len(policies) != 1 {
		tb.Fatalf("the role has %d policies", len(policies))
	}
	policy, err := json.Marshal(cdktest.At(policies[0], "PolicyDocument"))
	if err != nil {
		tb.Fatal(err)
	}
	r := rendered{
		UserData:  resolve(launch.At("LaunchTemplateData.UserData")).(string),
		Policy:    policy,
		Group:     group.At("AutoScalingGroupName").(string),
		Hook:      group.At("LifecycleHookSpecificationList.0.LifecycleHookName").(string),
		Resource:  group.LogicalID,
		Namespace: "Shop/NAT",
		Tags:      map[string]string{},
	}
	// The tags by which the role knows its machines and their interfaces.
	for _, kind := range []string{"instance", "network-interface"} {
		for _, specification := range launch.At("LaunchTemplateData.TagSpecifications").([]any) {
			if cdktest.At(specification, "ResourceType") != kind {
				continue
			}
			for _, tag := range cdktest.At(specification, "Tags").([]any) {
				r.Tags[cdktest.At(tag, "Key").(string)] = cdktest.At(tag, "Value").(string)
			}
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// inSandbox runs a test in a sandbox of its own, beside others.
func inSandbox(tb testing.TB, run func(rendered)) {
	tb.Helper()
	if file := os.Getenv(renderedFile); file != "" {
		if !vpcsim.Sandbox(tb) {
			return
		}
		var r rendered
		data, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(data, &r)
		}
		if err != nil {
			tb.Fatal(err)
		}
		run(r)
		return
	}
	if t, ok := tb.(*testing.T); ok {
		t.Parallel() //nolint:forbidigo // the work is another process's, and render takes turns
	}
	file := filepath.Join(tb.TempDir(), "rendered.json")
	if err := os.WriteFile(file, render(tb), 0o600); err != nil {
		tb.Fatal(err)
	}
	vpcsim.Sandbox(tb, renderedFile+"="+file)
}

// The packet tests run what is rendered, so they must not have another script.
func TestPacketTestsRunTheRenderedScript(t *testing.T) {
	var r rendered
	if err := json.Unmarshal(render(t), &r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.UserData, strings.TrimPrefix(bootScript(t), "#!/bin/bash\n")) || strings.Contains(r.UserData, "Token[") {
		t.Errorf("the user data is not boot.sh below its settings:\n%s", r.UserData)
	}
}
