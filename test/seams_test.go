package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/cdktest"
)

// The seams between the two planes. Each is read from what is synthesized on
// both sides, never from the contract that both were made from, and compared in
// both directions.

// seam compares what the two planes say, name by name.
func seam(t *testing.T, what string, templates, manifests map[string]string) {
	t.Helper()
	if len(templates) == 0 || len(manifests) == 0 {
		t.Errorf("%s: the templates have %d and the manifests %d, neither should be empty", what, len(templates), len(manifests))
	}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		if other, ok := manifests[name]; !ok {
			t.Errorf("%s: the templates have %s, no manifest does", what, name)
		} else if other != templates[name] {
			t.Errorf("%s: for %s the templates say %s and the manifests %s", what, name, templates[name], other)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(manifests)) {
		if _, ok := templates[name]; !ok {
			t.Errorf("%s: the manifests have %s, no template does", what, name)
		}
	}
}

// TestSeamCanFail shows that a difference on either side is seen.
func TestSeamCanFail(t *testing.T) {
	one := map[string]string{"a": "1"}
	for name, c := range map[string]struct {
		templates, manifests map[string]string
		fails                bool
	}{
		"same":              {one, one, false},
		"other value":       {one, map[string]string{"a": "2"}, true},
		"only in templates": {map[string]string{"a": "1", "b": "1"}, one, true},
		"only in manifests": {one, map[string]string{"a": "1", "b": "1"}, true},
		"nothing":           {nil, nil, true},
	} {
		inner := &testing.T{}
		seam(inner, name, c.templates, c.manifests)
		if inner.Failed() != c.fails {
			t.Errorf("%s: failed is %v, want %v", name, inner.Failed(), c.fails)
		}
	}
}

// TestSeamTrust: the subject of every role's trust policy is a ServiceAccount
// that names this role, and the other way round. The service accounts of EKS
// add-ons come from EKS and are matched with the add-on that uses the role.
func TestSeamTrust(t *testing.T) {
	ofAddon := map[string]string{ // add-on → the service account that EKS makes for it
		"vpc-cni":            "system:serviceaccount:kube-system:aws-node",
		"aws-ebs-csi-driver": "system:serviceaccount:kube-system:ebs-csi-controller-sa",
	}
	for _, env := range environments(t) {
		templates := map[string]string{} // subject → role ARN
		roleOf := map[string]string{}    // logical id → subject
		for _, role := range env.resources("AWS::IAM::Role") {
			subject, isWorkload := trustSubject(t, role)
			if !isWorkload {
				continue
			}
			if _, twice := templates[subject]; twice {
				t.Errorf("%s: two roles trust %s", env.Name, subject)
			}
			templates[subject] = fmt.Sprintf("arn:aws:iam::%s:role/%s", env.Account, role.At("RoleName"))
			roleOf[role.stack+"/"+role.LogicalID] = subject
		}
		manifests := map[string]string{}
		for _, account := range env.ofKind("ServiceAccount") {
			if arn, ok := account.labels("metadata.annotations")["eks.amazonaws.com/role-arn"]; ok {
				manifests["system:serviceaccount:"+account.namespace+":"+account.name] = arn
			}
		}
		for _, addon := range env.resources("AWS::EKS::Addon") {
			name := addon.At("AddonName").(string)
			id, hasRole := addon.At("ServiceAccountRoleArn.Fn::GetAtt.0").(string)
			if wants := ofAddon[name] != ""; wants != hasRole {
				t.Errorf("%s: add-on %s has a role is %v, want %v", env.Name, name, hasRole, wants)
			}
			if !hasRole {
				continue
			}
			if subject := roleOf[addon.stack+"/"+id]; subject != ofAddon[name] {
				t.Errorf("%s: the role of add-on %s trusts %q, its service account is %q", env.Name, name, subject, ofAddon[name])
			}
			manifests[ofAddon[name]] = templates[ofAddon[name]]
		}
		seam(t, env.Name+": who assumes which role", templates, manifests)
	}
}

// trustSubject reads a role's trust policy. Roles that pods assume write it as
// a text; for them audience and provider are checked too.
func trustSubject(t *testing.T, role stackResource) (subject string, isWorkload bool) {
	t.Helper()
	text, isWorkload := role.At("AssumeRolePolicyDocument.Fn::Sub.0").(string)
	if !isWorkload {
		if service := cdktest.Show(role.At("AssumeRolePolicyDocument")); strings.Contains(service, "WebIdentity") {
			t.Errorf("%s trusts an identity provider in another form: %s", role, service)
		}
		return "", false
	}
	var document struct {
		Version   string
		Statement []struct {
			Effect, Action string
			Principal      map[string]string
			Condition      map[string]map[string]string
		}
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Errorf("%s: the trust policy is not JSON: %v", role, err)
		return "", false
	}
	if len(document.Statement) != 1 {
		t.Errorf("%s has %d trust statements, want 1", role, len(document.Statement))
		return "", false
	}
	statement := document.Statement[0]
	conditions := statement.Condition["StringEquals"]
	if statement.Effect != "Allow" || statement.Action != "sts:AssumeRoleWithWebIdentity" ||
		len(statement.Condition) != 1 || len(conditions) != 2 || conditions["${Issuer}:aud"] != "sts.amazonaws.com" ||
		len(statement.Principal) != 1 || statement.Principal["Federated"] != "${Provider}" {
		t.Errorf("%s has the trust policy %s", role, text)
	}
	// The two variables are the cluster's provider and its issuer.
	variables := cdktest.Show(role.At("AssumeRolePolicyDocument.Fn::Sub.1"))
	if !strings.Contains(variables, "OidcProvider") || !strings.Contains(variables, "OpenIdConnectIssuerUrl") {
		t.Errorf("%s takes provider and issuer from %s", role, variables)
	}
	return conditions["${Issuer}:sub"], true
}

// TestSeamSecrets: every secret that the manifests read is made, and every one
// that is made is read.
func TestSeamSecrets(t *testing.T) {
	for _, env := range environments(t) {
		templates, manifests := map[string]string{}, map[string]string{}
		for _, secret := range env.resources("AWS::SecretsManager::Secret") {
			templates[secret.At("Name").(string)] = "used"
		}
		for _, external := range env.ofKind("ExternalSecret") {
			for _, data := range external.at("spec.data").([]any) {
				manifests[cdktest.At(data, "remoteRef.key").(string)] = "used"
			}
			// …through a store that exists and reads this account's region.
			store := env.object(t, external.text("spec.secretStoreRef.kind"), external.text("spec.secretStoreRef.name"))
			want(t, store, "spec.provider.aws.service", "SecretsManager")
			want(t, store, "spec.provider.aws.region", env.Region)
			account := env.object(t, "ServiceAccount", store.text("spec.provider.aws.auth.jwt.serviceAccountRef.name"))
			want(t, store, "spec.provider.aws.auth.jwt.serviceAccountRef.namespace", account.namespace)
		}
		seam(t, env.Name+": secrets", templates, manifests)
		// …and by a role whose policy covers every one of them.
		policy := env.identity().Where(t, "AWS::IAM::Role", "RoleName", env.contract.ExternalSecrets().Role).
			At("Policies.0.PolicyDocument.Statement.0.Resource.Fn::Sub").(string)
		_, prefix, _ := strings.Cut(policy, ":secret:")
		prefix = strings.TrimSuffix(prefix, "*")
		for name := range templates {
			if !strings.HasPrefix(name, prefix) {
				t.Errorf("%s: External Secrets may read %s*, not %s", env.Name, prefix, name)
			}
		}
	}
}

// TestSeamSecretsReachThePods follows a secret from Secrets Manager into the
// pod's environment.
func TestSeamSecretsReachThePods(t *testing.T) {
	for _, env := range environments(t) {
		for _, external := range env.ofKind("ExternalSecret") {
			target := external.text("spec.target.name")
			deployment := env.object(t, "Deployment", external.name)
			from := cdktest.Show(deployment.at("spec.template.spec.containers.0.envFrom"))
			if !strings.Contains(from, fmt.Sprintf(`"secretRef":{"name":%q}`, target)) {
				t.Errorf("%s: the pods of %s take %s, not the Secret %s", env.Name, deployment.name, from, target)
			}
		}
		for _, deployment := range env.ofKind("Deployment") {
			from, _ := deployment.at("spec.template.spec.containers.0.envFrom").([]any)
			for _, source := range from {
				if name, ok := cdktest.At(source, "configMapRef.name").(string); ok {
					want(t, env.object(t, "ConfigMap", name), "metadata.namespace", deployment.namespace)
				}
				if name, ok := cdktest.At(source, "secretRef.name").(string); ok {
					want(t, env.object(t, "ExternalSecret", name), "metadata.namespace", deployment.namespace)
				}
			}
		}
	}
}

// TestSeamImages: what a Deployment pulls is a repository that is made, and
// every repository is pulled from.
func TestSeamImages(t *testing.T) {
	for _, env := range environments(t) {
		templates, manifests := map[string]string{}, map[string]string{}
		for _, repository := range env.resources("AWS::ECR::Repository") {
			templates[fmt.Sprintf("%s.dkr.ecr.%s.amazonaws.com/%s", env.Account, env.Region, repository.At("RepositoryName"))] = "pulled"
		}
		for _, deployment := range env.ofKind("Deployment") {
			image := deployment.text("spec.template.spec.containers.0.image")
			name, _, _ := strings.Cut(image, "@")
			manifests[name[:strings.LastIndex(name, ":")]] = "pulled"
		}
		seam(t, env.Name+": images", templates, manifests)
	}
}

// TestSeamLogGroups: every log group below the prefix that Fluent Bit may write
// to is made with a retention, and its role covers them all and nothing that
// belongs to the platform itself.
func TestSeamLogGroups(t *testing.T) {
	for _, env := range environments(t) {
		policy := env.identity().Where(t, "AWS::IAM::Role", "RoleName", env.contract.FluentBit().Role).
			At("Policies.0.PolicyDocument.Statement.0.Resource.Fn::Sub").(string)
		_, prefix, _ := strings.Cut(policy, ":log-group:")
		prefix = strings.TrimSuffix(prefix, "*")
		below := 0
		for _, group := range env.resources("AWS::Logs::LogGroup") {
			name := group.At("LogGroupName").(string)
			if days, _ := group.At("RetentionInDays").(float64); days <= 0 {
				t.Errorf("%s keeps its logs forever", group)
			}
			covered := strings.HasPrefix(name, prefix)
			if covered {
				below++
			}
			if isIdentity := group.stack == env.contract.Stacks.Identity; isIdentity != covered {
				t.Errorf("%s: Fluent Bit may write to %s is %v", env.Name, name, covered)
			}
		}
		if below != len(env.Logs.Groups) {
			t.Errorf("%s: Fluent Bit has %d groups to write to, want %d", env.Name, below, len(env.Logs.Groups))
		}
	}
}

// TestSeamPorts follows a request through the manifests: load balancer,
// Service, pod, probes, NetworkPolicy.
func TestSeamPorts(t *testing.T) {
	for _, env := range environments(t) {
		for _, deployment := range env.ofKind("Deployment") {
			container := "spec.template.spec.containers.0."
			port := deployment.at(container + "ports.0.containerPort")
			name := deployment.at(container + "ports.0.name")

			service := env.object(t, "Service", deployment.name)
			want(t, service, "spec.ports.0.targetPort", name)
			want(t, service, "spec.selector", deployment.at("spec.selector.matchLabels"))
			for _, probe := range []string{"startupProbe", "livenessProbe", "readinessProbe"} {
				want(t, deployment, container+probe+".httpGet.port", name)
			}
			variables := cdktest.Show(deployment.at(container + "env"))
			if want := fmt.Sprintf(`{"name":"PORT","value":"%v"}`, port); !strings.Contains(variables, want) {
				t.Errorf("%s: the program is told %s, want %s", deployment.file, variables, want)
			}
			policy := env.object(t, "NetworkPolicy", deployment.name)
			want(t, policy, "spec.podSelector.matchLabels", deployment.at("spec.selector.matchLabels"))
			rules, _ := policy.at("spec.ingress").([]any)
			for _, rule := range rules {
				if got := cdktest.At(rule, "ports.0.port"); cdktest.Show(got) != cdktest.Show(port) {
					t.Errorf("%s admits port %v, the pods listen on %v", policy.file, got, port)
				}
			}
			// The selector finds the pods.
			labels := deployment.labels("spec.template.metadata.labels")
			for key, value := range deployment.labels("spec.selector.matchLabels") {
				if labels[key] != value {
					t.Errorf("%s selects %s=%s, its pods have %q", deployment.file, key, value, labels[key])
				}
			}
			want(t, env.object(t, "ServiceAccount", deployment.text("spec.template.spec.serviceAccountName")), "metadata.namespace", deployment.namespace)
		}
		for _, ingress := range env.ofKind("Ingress") {
			backend := "spec.rules.0.http.paths.0.backend.service."
			service := env.object(t, "Service", ingress.text(backend+"name"))
			want(t, ingress, backend+"port.name", service.at("spec.ports.0.name"))
		}
		for _, autoscaler := range env.ofKind("HorizontalPodAutoscaler") {
			target := env.object(t, autoscaler.text("spec.scaleTargetRef.kind"), autoscaler.text("spec.scaleTargetRef.name"))
			want(t, autoscaler, "spec.scaleTargetRef.apiVersion", target.apiVersion)
		}
		for _, budget := range env.ofKind("PodDisruptionBudget") {
			want(t, budget, "spec.selector.matchLabels", env.object(t, "Deployment", budget.name).at("spec.selector.matchLabels"))
		}
	}
}

// TestSeamSubnets: the ranges in NetworkPolicies are those of the subnets.
func TestSeamSubnets(t *testing.T) {
	for _, env := range environments(t) {
		public, private := map[string]string{}, map[string]string{}
		for _, subnet := range env.network().OfType("AWS::EC2::Subnet") {
			cidr := subnet.At("CidrBlock").(string)
			if subnet.Tag("kubernetes.io/role/elb") == "1" {
				public[cidr] = "admitted"
			} else {
				private[cidr] = "admitted"
			}
		}
		vpc := env.network().Only(t, "AWS::EC2::VPC").At("CidrBlock")
		for _, ingress := range env.ofKind("Ingress") {
			policy := env.object(t, "NetworkPolicy", ingress.text("spec.rules.0.http.paths.0.backend.service.name"))
			admitted := map[string]string{}
			cdktest.Walk(policy.at("spec.ingress"), func(path string, value any) {
				if strings.HasSuffix(path, "ipBlock.cidr") {
					admitted[value.(string)] = "admitted"
				}
			})
			seam(t, env.Name+": load balancers reach the pods from", public, admitted)
			reached := map[string]string{}
			for _, rule := range policy.at("spec.egress").([]any) {
				cdktest.Walk(cdktest.At(rule, "to"), func(path string, value any) {
					if !strings.HasSuffix(path, "ipBlock") {
						return
					}
					if cidr := cdktest.At(value, "cidr").(string); cidr != "0.0.0.0/0" {
						reached[cidr] = "admitted"
					} else if cdktest.At(value, "except.0") != vpc {
						t.Errorf("%s: to the internet means also into the VPC: %s", policy.file, cdktest.Show(value))
					}
				})
			}
			if env.Database.Enabled {
				seam(t, env.Name+": pods reach the database in", private, reached)
			}
		}
	}
}

// TestSeamTags: the tag by which the load balancer controller finds subnets is
// that of the cluster that is made.
func TestSeamTags(t *testing.T) {
	for _, env := range environments(t) {
		cluster := env.cluster().Only(t, "AWS::EKS::Cluster").At("Name").(string)
		for _, subnet := range env.network().OfType("AWS::EC2::Subnet") {
			if subnet.Tag("kubernetes.io/cluster/"+cluster) == "" {
				t.Errorf("%s: subnet %v does not carry the tag of cluster %s", env.Name, subnet.At("CidrBlock"), cluster)
			}
		}
		policy := cdktest.Show(env.identity().Where(t, "AWS::IAM::Role", "RoleName", env.contract.ALBController().Role).At("Policies"))
		if !strings.Contains(policy, `"aws:ResourceTag/elbv2.k8s.aws/cluster":"`+cluster+`"`) {
			t.Errorf("%s: the load balancer controller is not bound to cluster %s", env.Name, cluster)
		}
		group := env.cluster().Where(t, "AWS::Logs::LogGroup", "LogGroupName", "/aws/eks/"+cluster+"/cluster")
		if !slices.Contains(env.cluster().Only(t, "AWS::EKS::Cluster").Depends(), group.LogicalID) {
			t.Errorf("%s: EKS would make its log group itself", env.Name)
		}
	}
}

// TestSeamLabels: everything that is rendered says whose it is, and everything
// of a workload says it alike.
func TestSeamLabels(t *testing.T) {
	for _, env := range environments(t) {
		for _, o := range env.objects {
			labels := o.labels("metadata.labels")
			for _, key := range []string{contract.LabelName, contract.LabelInstance, contract.LabelComponent} {
				if labels[key] == "" {
					t.Errorf("%s: %s has no label %s", env.Name, o.file, key)
				}
			}
			if labels[contract.LabelPartOf] != env.Project || labels[contract.LabelManagedBy] != "argocd" {
				t.Errorf("%s: %s has the labels %v", env.Name, o.file, labels)
			}
		}
		for _, deployment := range env.ofKind("Deployment") {
			for _, kind := range []string{"Service", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget"} {
				other := env.object(t, kind, deployment.name)
				labels := deployment.labels("metadata.labels")
				delete(labels, contract.LabelVersion) // which is the Deployment's alone
				if !maps.Equal(other.labels("metadata.labels"), labels) {
					t.Errorf("%s: %s and %s have different labels", env.Name, other.file, deployment.file)
				}
			}
		}
	}
}
