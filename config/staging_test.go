package config_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
)

func TestEveryEnvironmentIsValid(t *testing.T) {
	names := map[string]bool{}
	for _, e := range config.All() {
		if err := e.Validate(); err != nil {
			t.Errorf("%s:\n%v", e.Name, err)
		}
		if names[e.Name] {
			t.Errorf("two environments are called %q", e.Name)
		}
		names[e.Name] = true
	}
	if !names["staging"] {
		t.Error("staging is not among all environments")
	}
}

func TestLoadGivesAllEnvironments(t *testing.T) {
	envs, err := config.Load()
	if err != nil || len(envs) != len(config.All()) || envs[0].Name != config.All()[0].Name {
		t.Errorf("got %v, %v", envs, err)
	}
}

func TestProblemsOfSeveralEnvironmentsAreToldTogether(t *testing.T) {
	first, second := config.Staging(), config.Staging()
	first.Account = "1"
	second.Name, second.Releases, second.Account = "second", config.Releases{}, "2"
	err := config.ValidateAll([]config.Environment{first, config.Staging(), second})
	const want = `the environment "staging" is not valid:
account: "1" must be the twelve digits of an AWS account
the environment "second" is not valid:
account: "2" must be the twelve digits of an AWS account`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// One environment's names must not be the beginning of another's: with staging
// and staging-eu, "fintrack-staging-eu-web" would be the role of web in the one
// and of eu-web in the other.
func TestNoEnvironmentBeginsWithAnother(t *testing.T) {
	for _, a := range config.All() {
		for _, b := range config.All() {
			if strings.HasPrefix(b.Name, a.Name+"-") {
				t.Errorf("environment %q begins with environment %q", b.Name, a.Name)
			}
		}
	}
}

// The values that DESIGN promises for staging, one by one.
func TestStagingHoldsThePromisedValues(t *testing.T) {
	e := config.Staging()
	web := e.Workloads[0]
	// The domain is an adopter's to edit, the rest of the ingress is not.
	web.Ingress.Host, _, _ = strings.Cut(web.Ingress.Host, ".")
	for field, pair := range map[string]struct{ got, want any }{
		"workloads": {len(e.Workloads), 1},

		"project":      {e.Project, "fintrack"},
		"display name": {e.DisplayName, "FinTrack"},
		"name":         {e.Name, "staging"},
		"namespace":    {e.Namespace, "fintrack"},
		"region":       {e.Region, "eu-north-1"},
		"protection":   {e.TerminationProtection, false},

		"vpc": {e.Network.CIDR, "10.0.0.0/16"},
		"zones": {e.Network.Zones, []config.Zone{
			{Name: "eu-north-1a", Public: "10.0.101.0/24", Private: "10.0.1.0/24"},
			{Name: "eu-north-1b", Public: "10.0.102.0/24", Private: "10.0.2.0/24"},
			{Name: "eu-north-1c", Public: "10.0.103.0/24", Private: "10.0.3.0/24"},
		}},
		"nat":       {e.Network.NAT, config.NAT{Mode: "Instance", InstanceType: "t4g.micro", Architecture: "arm64", VolumeGiB: 8}},
		"flow logs": {e.Network.FlowLogRetentionDays, 14},
		"endpoints": {e.Network.InterfaceEndpoints, []string(nil)},

		"kubernetes":       {e.Cluster.Version, "1.35"},
		"public endpoint":  {e.Cluster.PublicAccessCIDRs, []string{"0.0.0.0/0"}},
		"services":         {e.Cluster.ServiceCIDR, "172.20.0.0/16"},
		"cluster logs":     {e.Cluster.LogRetentionDays, 30},
		"cluster kept":     {e.Cluster.DeletionProtection, true},
		"admin principals": {e.Cluster.AdminPrincipals, []string{"role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_AdministratorAccess_*"}},
		"admins":           {e.Cluster.Admins, []string(nil)},
		"add-on pins":      {e.Cluster.AddonVersions, map[string]string(nil)},
		"nodes": {e.Cluster.Nodes, config.Nodes{
			InstanceTypes: []string{"t3.large", "m5.large", "m6i.large", "m7i.large"},
			Architecture:  "amd64", CapacityType: "SPOT", Min: 1, Desired: 2, Max: 3, VolumeGiB: 50,
		}},

		"registry": {e.Registry, config.Registry{Prefix: "fintrack", KeepImages: 30, UntaggedDays: 14}},
		"database": {e.Database, config.Database{
			Enabled: false, EngineVersion: "17.6", InstanceClass: "db.t4g.micro", Name: "fintrack",
			StorageGiB: 20, MaxStorageGiB: 100, BackupDays: 7, MultiAZ: false,
		}},
		"secrets": {e.Secrets.Prefix, "fintrack"},
		"alarms":  {e.Alarms.Emails, []string{e.Owner}},
		"atlas":   {e.Atlas, config.Atlas{}},
		"logs": {e.Logs, config.Logs{Prefix: "/fintrack", Groups: []config.LogGroup{
			{Name: "application", RetentionDays: 30}, {Name: "platform", RetentionDays: 14},
		}}},

		"web: name":         {web.Name, "web"},
		"web: component":    {web.Component, "web"},
		"web: port":         {web.Port, 3000},
		"web: service port": {web.ServicePort, 80},
		"web: user":         {web.User, 1001},
		"web: replicas":     {web.Replicas, 2},
		"web: autoscaling":  {web.Autoscaling, config.Autoscaling{Enabled: true, Min: 2, Max: 5, CPUPercent: 70}},
		"web: resources": {web.Resources, config.Resources{
			CPURequest: "100m", CPULimit: "250m", MemoryRequest: "128Mi", MemoryLimit: "256Mi",
		}},
		"web: health": {web.Health, config.Health{Live: "/healthz", Ready: "/readyz"}},
		"web: ingress": {*web.Ingress, config.Ingress{
			Host: "staging", Scheme: "internet-facing", InboundCIDRs: []string{"0.0.0.0/0"},
		}},
		"web: settings": {web.Settings, map[string]string{"LOG_LEVEL": "info", "NODE_ENV": "production"}},
		"web: secret":   {web.Secrets[0].Variable + "=" + web.Secrets[0].Secret + web.Secrets[0].Property, "MONGODB_URI=mongodb-uri"},
		"web: secrets":  {len(web.Secrets), 1},
		"web: egress":   {web.Egress, []config.Egress{{Name: "https", Port: 443}, {Name: "mongodb", Port: 27017}}},
		"web: writable": {web.Writable, []config.WritableDir{
			{Path: "/tmp", SizeLimit: "64Mi"}, {Path: "/app/.next/cache", SizeLimit: "128Mi"},
		}},
		"web: metrics":     {web.MetricsPath, "/metrics"},
		"web: drain":       {web.DrainSeconds, 30},
		"web: shutdown":    {web.ShutdownSeconds, 20},
		"web: permissions": {web.Permissions, []config.Permission(nil)},
	} {
		if !reflect.DeepEqual(pair.got, pair.want) {
			t.Errorf("%s: got %#v, want %#v", field, pair.got, pair.want)
		}
	}
}

func TestStagingIsANewValueEachTime(t *testing.T) {
	a := config.Staging()
	a.Workloads[0].Settings["LOG_LEVEL"] = "changed"
	a.Workloads[0].Ingress.Host = "changed"
	a.Network.Zones[0].Name = "changed"
	if b := config.Staging(); b.Validate() != nil || b.Workloads[0].Settings["LOG_LEVEL"] != "info" {
		t.Error("changing one value of Staging() changed the next")
	}
}

func TestUneditedNamesEveryPlaceholder(t *testing.T) {
	e := config.Staging()
	// The example's values, also when somebody has edited staging since.
	e.Account = "111122223333"
	e.Owner = "platform@fintrack.example.com"
	e.Repository = "fintrack/platform"
	e.Workloads[0].Ingress.Host = "staging.fintrack.example.com"
	fields := func() (names []string) {
		for _, p := range e.Unedited() {
			names = append(names, p.Field)
			if p.Value == "" || !strings.Contains(p.Rule, "config/staging.go") {
				t.Errorf("%v does not show the value and where to change it", p)
			}
		}
		return names
	}
	expect := func(want ...string) {
		t.Helper()
		if got := fields(); !reflect.DeepEqual(got, want) {
			t.Errorf("unedited: got %q, want %q", got, want)
		}
	}
	const host = "workloads[0].ingress.host"
	expect("account", "owner", "repository", host)

	e.Account = "444455556666"
	expect("owner", "repository", host)
	e.Owner = "ops@corp.test"
	expect("repository", host)
	e.Repository = "corp/platform"
	expect(host)
	e.Workloads[0].Ingress.Host = "fintrack.example.com" // the bare domain
	expect(host)
	e.Workloads[0].Ingress.Host = "myfintrack.example.com" // somebody's own
	expect()
	e.Workloads[0].Ingress = nil
	expect()
}
