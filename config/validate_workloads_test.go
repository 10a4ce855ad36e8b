package config_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

func TestWorkload(t *testing.T) {
	check(t, []broken{
		with("workloads", "a list of 0", "1 to 1000", func(e *config.Environment) { e.Workloads = nil }),

		set("workloads[0].name", "Web", "lower-case"),
		set("workloads[0].name", "", "lower-case"),
		set("workloads[0].name", "web.v2", "lower-case"),
		set("workloads[0].name", "w"+strings.Repeat("x", 40), "at most 40"),
		with("workloads[0].name", `"a12345678901234567890123"`, "makes the role name \"a2345678901234567890-a2345678901234567890-a12345678901234567890123\", which is longer than IAM's 64 characters", func(e *config.Environment) {
			longNames(e)
			web(e).Name = "a12345678901234567890123"
		}),
		with("workloads[0].name", strconv.Quote(strings.Repeat("a", 41)), "at most 40", func(e *config.Environment) { // and not the role's length
			longNames(e)
			web(e).Name = strings.Repeat("a", 41)
		}),
		set("workloads[0].component", "Web", "lower-case"),
		set("workloads[0].component", strings.Repeat("a", 64), "at most 63"),
		set("workloads[0].port", 1023, "between 1024 and 65535"),
		set("workloads[0].port", 65536, "between 1024 and 65535"),
		set("workloads[0].servicePort", 0, "between 1 and 65535"),
		set("workloads[0].servicePort", 65536, "between 1 and 65535"),
		set("workloads[0].user", 0, "between 1 and 65535"),
		set("workloads[0].user", 65536, "between 1 and 65535"),

		set("workloads[0].autoscaling.min", 0, "between 1 and 1000"),
		set("workloads[0].autoscaling.min", 6, "must not be more than workloads[0].autoscaling.max 5"),
		set("workloads[0].autoscaling.max", 0, "between 1 and 1000"),
		set("workloads[0].autoscaling.max", 1001, "between 1 and 1000"),
		set("workloads[0].autoscaling.cpuPercent", 0, "between 1 and 100"),
		set("workloads[0].autoscaling.cpuPercent", 101, "between 1 and 100"),
		with("workloads[0].replicas", "0", "between 1 and 1000", fixed(0)),
		with("workloads[0].replicas", "1001", "between 1 and 1000", fixed(1001)),

		set("workloads[0].health.live", "healthz", `such as "/healthz"`),
		set("workloads[0].health.live", "", `such as "/healthz"`),
		set("workloads[0].health.ready", "/ready?deep=1", `such as "/readyz"`),
		set("workloads[0].health.ready", "/"+strings.Repeat("a", 1024), `such as "/readyz"`),
		set("workloads[0].metricsPath", "metrics", `such as "/metrics"`),
		set("workloads[0].metricsPath", "/metrics ", `such as "/metrics"`),

		set("workloads[0].drainSeconds", -1, "between 0 and 3600"),
		set("workloads[0].drainSeconds", 3601, "between 0 and 3600"),
		set("workloads[0].drainSeconds", 81, "and shutdownSeconds 20 together must be at most 100"),
		set("workloads[0].shutdownSeconds", 0, "between 1 and 600"),
		set("workloads[0].shutdownSeconds", 601, "between 1 and 600"),
		set("workloads[0].shutdownSeconds", 71, "").orElse("workloads[0].drainSeconds", "30", "and shutdownSeconds 71 together"),
	})
	fits(t, configtest.Example, "workloads[0].component", "a", strings.Repeat("a", 63))
	fits(t, configtest.Example, "workloads[0].name", "a", "w"+strings.Repeat("x", 39))
	fits(t, configtest.Example, "workloads[0].port", 1024, 65535)
	fits(t, configtest.Example, "workloads[0].servicePort", 1, 65535)
	fits(t, configtest.Example, "workloads[0].user", 1, 65535)
	fits(t, configtest.Example, "workloads[0].autoscaling.min", 1, 5)
	fits(t, configtest.Example, "workloads[0].autoscaling.max", 2, 1000)
	fits(t, configtest.Example, "workloads[0].autoscaling.cpuPercent", 1, 100)
	fits(t, configtest.Example, "workloads[0].replicas", -1, 0, 1) // the autoscaler counts
	fits(t, configtest.Example, "workloads[0].health.live", "/", "/readyz", "/a/b.c_d~e-1", "/"+strings.Repeat("a", 1023))
	fits(t, configtest.Example, "workloads[0].metricsPath", "", "/")
	fits(t, configtest.Example, "workloads[0].drainSeconds", 0, 80)
	fits(t, configtest.Example, "workloads[0].shutdownSeconds", 1, 70)

	for _, ok := range []func(e *config.Environment){
		fixed(1), fixed(1000),
		func(e *config.Environment) { // switched off
			fixed(2)(e)
			web(e).Autoscaling = config.Autoscaling{}
		},
		func(e *config.Environment) { web(e).Autoscaling.Min, web(e).Autoscaling.Max = 1000, 1000 },
		func(e *config.Environment) {
			e.Cluster.Nodes.CapacityType = "ON_DEMAND"
			web(e).DrainSeconds, web(e).ShutdownSeconds = 3600, 600
		},
		func(e *config.Environment) { web(e).Ingress = nil },
		func(e *config.Environment) { // 63 characters and the hyphens: 64
			longNames(e)
			web(e).Name = "a1234567890123456789012"[:22]
		},
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%+v must be accepted, got\n%v", e.Workloads[0], problems)
		}
	}
}

// fixed switches the autoscaler off.
func fixed(replicas int) func(e *config.Environment) {
	return func(e *config.Environment) {
		web(e).Autoscaling.Enabled = false
		web(e).Replicas = replicas
	}
}

// longNames gives project and environment the longest names.
func longNames(e *config.Environment) {
	e.Project, e.DisplayName, e.Name = "a2345678901234567890", "A2345678901234567890", "a2345678901234567890"
	e.Releases = config.Releases{}
}

func TestResources(t *testing.T) {
	const cpu, memory = "workloads[0].resources.cpu", "workloads[0].resources.memory"
	check(t, []broken{
		set(cpu+"Request", "", `such as "250m" or "0.5"`),
		set(cpu+"Request", "128Mi", `such as "250m" or "0.5"`),
		set(cpu+"Request", "-100m", `such as "250m"`),
		set(cpu+"Request", "1e2m", `such as "250m"`),
		set(cpu+"Request", "100 m", `such as "250m"`),
		set(cpu+"Request", ".5", `such as "250m"`),
		set(cpu+"Request", "0.0005", `such as "250m"`),
		set(cpu+"Request", "0", "between 10m and 64"),
		set(cpu+"Request", "9m", "between 10m and 64"),
		set(cpu+"Request", "251m", `must not be more than the limit "250m"`),
		set(cpu+"Request", "0.251", `must not be more than the limit "250m"`),
		set(cpu+"Limit", "250", "between 10m and 64"), // a forgotten m
		set(cpu+"Limit", "64.001", "between 10m and 64"),
		set(cpu+"Limit", "250Mi", `such as "250m"`),
		set(cpu+"Limit", "99m", "").orElse(cpu+"Request", `"100m"`, `must not be more than the limit "99m"`),

		set(memory+"Request", "128", `such as "128Mi" or "1.5Gi"`), // a forgotten unit
		set(memory+"Request", "128m", `such as "128Mi"`),
		set(memory+"Request", "128MiB", `such as "128Mi"`),
		set(memory+"Request", "128MB", `such as "128Mi"`),
		set(memory+"Request", "1Ti", `such as "128Mi"`),
		set(memory+"Request", "15Mi", "between 16Mi and 64Gi"),
		set(memory+"Request", "16383Ki", "between 16Mi and 64Gi"),
		set(memory+"Request", "257Mi", `must not be more than the limit "256Mi"`),
		set(memory+"Request", "269M", `must not be more than the limit "256Mi"`),
		set(memory+"Limit", "65Gi", "between 16Mi and 64Gi"),
		set(memory+"Limit", "999999999999999G", "between 16Mi and 64Gi"),
		set(memory+"Limit", "1000000000000000Ki", `such as "128Mi"`), // more digits than a float counts
	})
	fits(t, configtest.Example, cpu+"Request", "10m", "0.01", "0.07", "250m", "0.25")
	fits(t, configtest.Example, cpu+"Limit", "64", "64000m", "100m", "0.1", "1.5")
	fits(t, configtest.Example, memory+"Request", "16Mi", "16384Ki", "0.25Gi", "268M", "16778k")
	fits(t, configtest.Example, memory+"Limit", "64Gi", "68G", "1.5Gi", "128Mi")
	e := configtest.Example()
	web(&e).Resources = config.Resources{CPURequest: "1m", CPULimit: "65", MemoryRequest: "1Mi", MemoryLimit: "65Gi"}
	expect(t, e,
		`workloads[0].resources.cpuRequest: "1m" must be between 10m and 64`,
		`workloads[0].resources.cpuLimit: "65" must be between 10m and 64`,
		`workloads[0].resources.memoryRequest: "1Mi" must be between 16Mi and 64Gi`,
		`workloads[0].resources.memoryLimit: "65Gi" must be between 16Mi and 64Gi`)
	// 0.07 cores and 70m are the same, whatever floating point says.
	e = configtest.Example()
	web(&e).Resources.CPURequest, web(&e).Resources.CPULimit = "0.07", "70m"
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
}

func TestIngress(t *testing.T) {
	inbound := func(scheme string, ranges ...string) func(e *config.Environment) {
		return func(e *config.Environment) {
			web(e).Ingress.Scheme = scheme
			web(e).Ingress.InboundCIDRs = ranges
		}
	}
	const list = "workloads[0].ingress.inboundCIDRs"
	check(t, []broken{
		set("workloads[0].ingress.host", "localhost", "DNS name"),
		set("workloads[0].ingress.host", "", "DNS name"),
		set("workloads[0].ingress.host", "App.example.com", "in lower case"),
		set("workloads[0].ingress.host", "https://app.example.com", "DNS name"),
		set("workloads[0].ingress.host", "app.example.com.", "DNS name"),
		set("workloads[0].ingress.host", "*.example.com", "DNS name"),
		set("workloads[0].ingress.host", "app_1.example.com", "DNS name"),
		set("workloads[0].ingress.host", "-app.example.com", "DNS name"),
		set("workloads[0].ingress.host", "app-.example.com", "DNS name"),
		set("workloads[0].ingress.host", "app..example.com", "DNS name"),
		set("workloads[0].ingress.host", "10.0.0.1", "DNS name"),
		set("workloads[0].ingress.host", "a."+strings.Repeat("b", 64), "DNS name"),
		set("workloads[0].ingress.host", strings.Repeat("a", 64)+".example.com", "DNS name"),
		set("workloads[0].ingress.host", strings.Repeat("a.", 126)+"co", "DNS name"),
		set("workloads[0].ingress.scheme", "public", "choose one of internet-facing, internal"),
		with(list, "[]", "must name who may reach", inbound("internet-facing")),
		with(list+"[0]", `"any"`, "must be an IPv4 range", inbound("internet-facing", "any")),
		with(list+"[0]", `"10.0.0.0/8"`, "must be a public range", inbound("internet-facing", "10.0.0.0/8")),
		with(list+"[1]", `"0.0.0.0/0"`, `overlaps workloads[0].ingress.inboundCIDRs[0] "203.0.113.0/24"`, inbound("internet-facing", "203.0.113.0/24", "0.0.0.0/0")),
		with(list, "a list of 31", "0 to 30", inbound("internet-facing", hosts(31)...)),
		with(list+"[0]", `"0.0.0.0/0"`, "must be a private range", inbound("internal", "0.0.0.0/0")),
		with(list+"[0]", `"any"`, "must be an IPv4 range", inbound("internal", "any")),
		with(list+"[0]", `"192.168.0.0/15"`, "must be a private range", inbound("internal", "192.168.0.0/15")),
	})
	fits(t, configtest.Example, "workloads[0].ingress.host", "a.co", "a-1.b.example.com", "a."+strings.Repeat("b", 63), "1.example.com", "app.xn--p1ai", strings.Repeat("a", 63)+".example.com", strings.Repeat("a.", 125)+"com")
	for _, ok := range []func(e *config.Environment){
		inbound("internal", "10.0.0.0/8", "172.16.0.0/12", "192.168.1.0/24", "100.64.0.0/10"),
		inbound("internet-facing", hosts(30)...),
		inbound("internet-facing", "8.0.0.0/6"), // private only in part
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%+v must be accepted, got\n%v", *web(&e).Ingress, problems)
		}
	}
}

func TestVariables(t *testing.T) {
	settings := func(key, value string) func(e *config.Environment) {
		return func(e *config.Environment) { web(e).Settings = map[string]string{key: value} }
	}
	secret := func(change func(s *config.SecretVariable)) func(e *config.Environment) {
		return func(e *config.Environment) {
			s := web(e).Secrets[0]
			s.Variable = "OTHER"
			s.Property = "other"
			change(&s)
			web(e).Secrets = append(web(e).Secrets, s)
		}
	}
	long := strings.Repeat("x", 32<<10+1)
	check(t, []broken{
		with(`workloads[0].settings["LOG-LEVEL"]`, `"LOG-LEVEL"`, "name of an environment variable", settings("LOG-LEVEL", "info")),
		with(`workloads[0].settings["9"]`, `"9"`, "name of an environment variable", settings("9", "")),
		with(`workloads[0].settings[""]`, `""`, "name of an environment variable", settings("", "")),
		with(`workloads[0].settings["PORT"]`, `"PORT"`, "is set already by the platform, to the container's port", settings("PORT", "8080")),
		with(`workloads[0].settings["AWS_ROLE_ARN"]`, `"AWS_ROLE_ARN"`, "is set already by EKS", settings("AWS_ROLE_ARN", "x")),
		with(`workloads[0].settings["AWS_SECRET_ACCESS_KEY"]`, `"AWS_SECRET_ACCESS_KEY"`, "the workload has a role", settings("AWS_SECRET_ACCESS_KEY", "x")),
		with(`workloads[0].settings["A"]`, `"a\x00"`, "readable text", settings("A", "a\x00")),
		with(`workloads[0].settings["A"]`, `"\xff"`, "readable text", settings("A", "\xff")),
		with(`workloads[0].settings["A"]`, strconv.Quote(long), "at most 32768 bytes", settings("A", long)),
		with(`workloads[0].settings["A"]`, `"mongodb://app:hunter2@db.test/x"`, "holds a password", settings("A", "mongodb://app:hunter2@db.test/x")),
		with(`workloads[0].settings["A"]`, `"redis://:hunter2@db.test"`, "holds a password", settings("A", "redis://:hunter2@db.test")),

		set("workloads[0].secrets[0].variable", "MONGODB-URI", "name of an environment variable"),
		set("workloads[0].secrets[0].variable", "", "name of an environment variable"),
		set("workloads[0].secrets[0].variable", "PORT", "is set already by the platform"),
		set("workloads[0].secrets[0].variable", "LOG_LEVEL", `is set already by workloads[0].settings["LOG_LEVEL"]`),
		with("workloads[0].secrets[1].variable", `"MONGODB_URI"`, "is set already by workloads[0].secrets[0].variable", secret(func(s *config.SecretVariable) { s.Variable = "MONGODB_URI" })),
		set("workloads[0].secrets[0].secret", "/mongodb-uri", "without leading"),
		set("workloads[0].secrets[0].secret", "mongodb-uri/", "without leading and trailing slash"),
		set("workloads[0].secrets[0].secret", "", "must be a path"),
		set("workloads[0].secrets[0].secret", "mongodb uri", "must be a path"),
		set("workloads[0].secrets[0].secret", strings.Repeat("a", 257), "at most 256"),
		set("workloads[0].secrets[0].property", "a b", "must be empty or a key"),
		set("workloads[0].secrets[0].property", strings.Repeat("a", 129), "must be empty or a key"),
		set("workloads[0].secrets[0].description", "", "what the secret holds"),
		set("workloads[0].secrets[0].description", "  ", "what the secret holds"),
		set("workloads[0].secrets[0].description", "two\nlines", "in one line"),
		set("workloads[0].secrets[0].description", strings.Repeat("a", 2049), "at most 2048"),
		with("workloads[0].secrets[1].description", `"something else"`, `is not what another variable says of secret "mongodb-uri"`, secret(func(s *config.SecretVariable) { s.Description = "something else" })),
		with("workloads[1].secrets[0].description", `"something else"`, `is not what another variable says of secret "mongodb-uri"`, func(e *config.Environment) {
			other := configtest.Example().Workloads[0]
			other.Name, other.Ingress = "other", nil
			other.Secrets[0].Description = "something else"
			e.Workloads = append(e.Workloads, other)
		}),
		with("workloads[0].secrets[0].secret", `"postgres"`, "is made by the database, which is not enabled", func(e *config.Environment) {
			web(e).Secrets[0].Secret = config.DatabaseSecret
			web(e).Egress = append(web(e).Egress, config.Egress{Name: "postgres", Port: 5432, VPC: true})
		}),
		with("workloads[0].secrets[0].secret", `"postgres"`, "is of no use without egress to port 5432 in the VPC", func(e *config.Environment) {
			e.Database.Enabled = true
			web(e).Secrets[0].Secret = config.DatabaseSecret
			web(e).Egress = append(web(e).Egress, config.Egress{Name: "postgres", Port: 5432}, config.Egress{Name: "https-vpc", Port: 443, VPC: true})
		}),
	})
	for _, ok := range []func(e *config.Environment){
		settings("a", ""), settings("_A1", "one\n\ttwo ü"), settings("A", long[1:]), settings("A", "https://example.com:443/a@b"), settings("A", "https://user@example.com"),
		settings("A", "https://example.com?a:b@c"), settings("A", "https://user:@example.com"), settings("A", "https://example.com#a:b@c"), settings("A", "https://example.com/a:b@c"),
		settings("A", "see https://example.com and a:b@c"), settings("A", "https://example.com:443?a@b"), settings("A", "https://example.com:443#a@b"),
		secret(func(*config.SecretVariable) {}),
		secret(func(s *config.SecretVariable) { s.Secret, s.Description = "other/path_1.x", "another" }),
		func(e *config.Environment) { web(e).Settings, web(e).Secrets = nil, nil },
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("must be accepted, got\n%v", problems)
		}
	}
	fits(t, configtest.Example, "workloads[0].secrets[0].secret", "a", "A_b/c.d-e", strings.Repeat("a", 256))
	fits(t, configtest.Example, "workloads[0].secrets[0].property", "", "uri", strings.Repeat("a", 128))
	fits(t, configtest.Example, "workloads[0].secrets[0].description", "a", strings.Repeat("a", 2048))
}

func TestEgressAndWritable(t *testing.T) {
	egress := func(egress ...config.Egress) func(e *config.Environment) {
		return func(e *config.Environment) { web(e).Egress = egress }
	}
	check(t, []broken{
		set("workloads[0].egress[0].name", "HTTPS", "lower-case"),
		set("workloads[0].egress[0].name", "", "lower-case"),
		set("workloads[0].egress[0].name", "a234567890123456", "at most 15"),
		set("workloads[0].egress[0].name", "https-", "lower-case"),
		set("workloads[0].egress[0].port", 0, "between 1 and 65535"),
		set("workloads[0].egress[0].port", 65536, "between 1 and 65535"),
		set("workloads[0].egress[1].name", "https", "is a duplicate of workloads[0].egress[0].name"),
		set("workloads[0].egress[1].port", 443, "is open already by workloads[0].egress[0]"),

		set("workloads[0].writable[0].path", "tmp", "clean absolute path"),
		set("workloads[0].writable[0].path", "/", "below the root"),
		set("workloads[0].writable[0].path", "/tmp/", "clean absolute path"),
		set("workloads[0].writable[0].path", "/tmp/../etc", "clean absolute path"),
		set("workloads[0].writable[0].path", "/tmp//a", "clean absolute path"),
		set("workloads[0].writable[0].path", "/tmp:a", "clean absolute path"),
		set("workloads[0].writable[1].path", "/tmp", "is a duplicate of workloads[0].writable[0].path"),
		set("workloads[0].writable[0].sizeLimit", "", `such as "128Mi"`),
		set("workloads[0].writable[0].sizeLimit", "64m", `such as "128Mi"`),
		set("workloads[0].writable[0].sizeLimit", "64", `such as "128Mi"`),
	})
	fits(t, configtest.Example, "workloads[0].writable[0].path", "/run", "/dev/shm", "/var/cache/nginx", "/app/.cache/a_b-1")
	fits(t, configtest.Example, "workloads[0].egress[0].name", "a", "ab", "a23456789012345")
	fits(t, configtest.Example, "workloads[0].egress[0].port", 1, 65535)
	for _, ok := range []func(e *config.Environment){
		egress(),
		egress(config.Egress{Name: "https", Port: 443}, config.Egress{Name: "endpoints", Port: 443, VPC: true}),
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%+v must be accepted, got\n%v", web(&e).Egress, problems)
		}
	}
}

func TestPermissions(t *testing.T) {
	const field = "workloads[0].permissions[0]"
	const object = "arn:${AWS::Partition}:s3:::bucket/*"
	allow := func(actions, resources []string) func(e *config.Environment) {
		return func(e *config.Environment) {
			web(e).Permissions = []config.Permission{{Actions: actions, Resources: resources}}
		}
	}
	action := func(action, rule string) broken {
		return with(field+".actions[0]", strconv.Quote(action), rule, allow([]string{action}, []string{object}))
	}
	resource := func(resource, rule string) broken {
		return with(field+".resources[0]", strconv.Quote(resource), rule, allow([]string{"s3:GetObject"}, []string{resource}))
	}
	check(t, []broken{
		with(field+".actions", "[]", "at least one action", allow(nil, []string{object})),
		with(field+".resources", "[]", "at least one resource", allow([]string{"s3:GetObject"}, nil)),
		with(field+".actions[1]", `"s3:GetObject"`, "is a duplicate of "+field+".actions[0]", allow([]string{"s3:GetObject", "s3:GetObject"}, []string{object})),
		with(field+".resources[1]", strconv.Quote(object), "is a duplicate of "+field+".resources[0]", allow([]string{"s3:GetObject"}, []string{object, object})),
		action("*", "such as \"s3:GetObject\""),
		action("s3:*", "with a wildcard only behind a verb"),
		action("s3:G*", "with a wildcard only behind a verb"),
		action("s3:Ge*", "with a wildcard only behind a verb"),
		action("s3:*Object", "with a wildcard only behind a verb"),
		action("s3:Get*Object", "with a wildcard only behind a verb"),
		action("s3:getObject", "such as"),
		action("GetObject", "such as"),
		action("s3:Get Object", "such as"),
		action(":GetObject", "such as"),
		action("iam:PassRole", "could give itself every other right"),
		action("organizations:LeaveOrganization", "could give itself every other right"),
		resource("*", "must be an ARN"),
		resource("bucket", "must be an ARN"),
		resource("arn:aws:s3:::bucket/*", "such as \"arn:${AWS::Partition}:s3:::bucket/*\""), // a hard-coded partition
		resource("arn:${AWS::Partition}:*:::bucket", "must be an ARN"),
		resource("arn:${AWS::Partition}:sqs:*:111122223333:jobs", "must be an ARN"),
		resource("arn:${AWS::Partition}:sqs:eu-north-1:*:jobs", "must be an ARN"),
		resource("arn:${AWS::Partition}:sqs:eu-north-1:1111:jobs", "must be an ARN"),
		resource("arn:${AWS::Partition}:s3:::", "must be an ARN"),
		resource("arn:${AWS::Partition}::::bucket", "must be an ARN"),
		resource("arn:${AWS::Partition}:s3:::home/${aws:username}", "with no other ${…} than"),
		resource("arn:${AWS::Partition}:s3:::home/$x", "must be an ARN"),
		resource("arn:${AWS::Partition}:s3:::*", "everything of its kind"),
		resource("arn:${AWS::Partition}:s3:::*/*", "everything of its kind"),
		resource("arn:${AWS::Partition}:s3:::?*", "everything of its kind"),
		resource("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*", "everything of its kind"),
		resource("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*", "everything of its kind"),
		resource("arn:${AWS::Partition}:dynamodb:${AWS::Region}:111122223333:table/*", "everything of its kind"),
		resource("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:111122223333:secret:*", "everything of its kind"),
		resource("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*:*", "everything of its kind"),
	})
	e := configtest.Example()
	allow([]string{"s3:GetObject", "s3:Get*", "s3:ListBucket*", "execute-api:Invoke", "kms:GenerateDataKeyPair", "sqs:SendMessage", "s3:GetObjectV2"}, []string{
		object,
		"arn:${AWS::Partition}:s3:::bucket",
		"arn:${AWS::Partition}:sqs:eu-north-1:444455556666:a",
		"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/x",
		"arn:${AWS::Partition}:s3:::${AWS::AccountId}-a", "arn:${AWS::Partition}:s3:::${AWS::Partition}-a", "arn:${AWS::Partition}:s3:::${AWS::Region}-a",
		"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/fintrack/*:*",
		"arn:${AWS::Partition}:apigateway:eu-north-1::/restapis/x",
		"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs-*",
		"arn:${AWS::Partition}:sqs:eu-north-1:444455556666:jobs",
		"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/ledger/index/*",
		"arn:${AWS::Partition}:s3:::logs-${AWS::AccountId}-${AWS::Region}-${AWS::Partition}/*",
	})(&e)
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
}

func TestDuplicateWorkloads(t *testing.T) {
	e := configtest.Example()
	e.Workloads = append(e.Workloads, configtest.Example().Workloads[0], configtest.Example().Workloads[0])
	e.Workloads[1].Name = "second"
	e.Workloads[1].Ingress = nil // the third's host is still named by its own index
	host := strconv.Quote(web(&e).Ingress.Host)
	expect(t, e,
		`workloads[2].name: "web" is a duplicate of workloads[0].name`,
		`workloads[2].ingress.host: `+host+` is a duplicate of workloads[0].ingress.host`)

	e = configtest.Example()
	e.Network.InterfaceEndpoints = []string{"sts", "kms", "sts", "sts"}
	expect(t, e,
		`network.interfaceEndpoints[2]: "sts" is a duplicate of network.interfaceEndpoints[0]`,
		`network.interfaceEndpoints[3]: "sts" is a duplicate of network.interfaceEndpoints[0]`)

	e = configtest.Example()
	e.Workloads = append(e.Workloads, configtest.Example().Workloads[0], configtest.Example().Workloads[0])
	for i, name := range []string{"api-2", "api2", "a-pi2"} {
		e.Workloads[i].Name, e.Workloads[i].Ingress = name, nil
	}
	expect(t, e,
		`workloads[1].name: "api2" is, without hyphens, the same as workloads[0].name "api-2"`,
		`workloads[2].name: "a-pi2" is, without hyphens, the same as workloads[0].name "api-2"`)

	e.Workloads = nil
	for i := range 1001 {
		w := configtest.Example().Workloads[0]
		w.Name, w.Ingress = fmt.Sprint("w", i), nil
		e.Workloads = append(e.Workloads, w)
		if i == 999 && problemsOf(t, e) != nil {
			t.Error("1000 workloads must be accepted")
		}
	}
	expect(t, e, "workloads: a list of 1001 must have 1 to 1000 elements")
}

func TestReleases(t *testing.T) {
	base := func() config.Environment {
		e := configtest.Example()
		e.Releases = configtest.Full().Releases
		return e
	}
	const web = `releases.workloads["web"]`
	hex := strings.Repeat("0123456789abcdef", 4)
	checkFrom(t, base, []broken{
		with(`releases.workloads["api"]`, `"api"`, `is not a workload of this environment, choose one of ["web"]`, func(e *config.Environment) {
			e.Releases.Workloads = map[string]config.Release{"api": e.Releases.Workloads["web"]}
		}),
		set(web+".tag", "", "must be an image tag"),
		set(web+".tag", "a b", "must be an image tag"),
		set(web+".tag", "-a", "must be an image tag"),
		set(web+".tag", "v1:x", "must be an image tag"),
		set(web+".tag", strings.Repeat("a", 64), "at most 63"),
		set(web+".tag", "latest", "must name one build"),
		set(web+".tag", "unreleased", "must name one build"),
		set(web+".digest", "", "64 hexadecimal digits"),
		set(web+".digest", hex, `must be "sha256:"`),
		set(web+".digest", "sha256:"+hex[1:], "64 hexadecimal digits"),
		set(web+".digest", "sha256:"+strings.ToUpper(hex), "64 hexadecimal digits"),
		set(web+".digest", "sha256:"+hex+"0", "64 hexadecimal digits"),
		set(web+".commit", "0123abc", "full commit of 40"),
		set(web+".commit", hex[:41], "full commit of 40"),
		set(web+".commit", strings.Repeat("G", 40), "full commit of 40"),

		with("releases", `"releases/staging.json"`, "cannot be read: bad disk", func(e *config.Environment) {
			e.Releases = config.UnreadableReleases("releases/staging.json", errors.New("cannot be read: bad disk"))
		}),
		with("releases", `"releases/staging.json"`, `is the file of another environment, this one's is "releases/production.json"`, func(e *config.Environment) {
			e.Releases = config.Staging().Releases
			e.Name = "production"
		}),
		with("releases", `"releases/production.json"`, "file does not exist", func(e *config.Environment) {
			e.Releases = config.ReleasesOf("production")
			e.Name = "production"
		}),
	})
	fits(t, base, web+".tag", "a", "1.2.3", "v1_x-2.Z", strings.Repeat("a", 63))
}

// Validate tells everything in one go.
func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	e := configtest.Example()
	e.Account = "12"
	e.Network.Zones[1].Private = "10.0.1.0/24"
	e.Cluster.Nodes.Desired = 9
	web(&e).Resources.MemoryLimit = "256"
	web(&e).Secrets[0].Variable = "PORT"
	e.Logs.Groups[1].Name = "application"
	expect(t, e,
		`account: "12" must be the twelve digits of an AWS account`,
		`network.zones[1].private: "10.0.1.0/24" overlaps network.zones[0].private "10.0.1.0/24"`,
		`cluster.nodes.desired: 9 must be between 1 and 3`,
		`logs.groups[1].name: "application" is a duplicate of logs.groups[0].name`,
		`workloads[0].resources.memoryLimit: "256" must be a quantity with a unit such as "128Mi" or "1.5Gi"`,
		`workloads[0].secrets[0].variable: "PORT" is set already by the platform, to the container's port`)
}
