package schemas

import (
	"context"
	"path"

	"github.com/fintrack/platform/tools/internal/gomod"
)

// Source is one place that schemas come from: a file or a folder inside the zip
// of a Go module.
type Source struct {
	Name    string // short name, used in progress lines
	Module  string
	Version string // exact, as the module proxy knows it
	Path    string // file or folder inside the module, slash-separated; a folder is read with its subfolders
	Sum     string // checksum of the module, as go.sum writes it
}

// Sources is everything that one set of schemas is made from.
type Sources struct {
	Kubernetes Source   // Path is the OpenAPI v2 document
	CRDs       []Source // Path holds CustomResourceDefinitions; their order does not matter
}

// Pinned returns the sources that the platform's manifests are checked against.
//
// Keep each version equal to, or older than, what the clusters run: a newer
// schema accepts fields that the cluster rejects. To change one, edit Version
// and Sum; a wrong Sum fails with the true one in the message.
func Pinned() Sources {
	return Sources{
		// The minor version of the EKS clusters.
		Kubernetes: Source{
			Name: "kubernetes", Module: "k8s.io/kubernetes", Version: "v1.35.4",
			Path: "api/openapi-spec/swagger.json",
			Sum:  "h1:o/8dBC/pHVpYoGV4OAIytAlNPZbdYVTXJHoYvXC4qzM=",
		},
		CRDs: []Source{
			// 3.2 is the newest line that the rehearsal can run; Application and
			// AppProject of later 3.x only add fields.
			{
				Name: "argo-cd", Module: "github.com/argoproj/argo-cd/v3", Version: "v3.2.11",
				Path: "manifests/crds",
				Sum:  "h1:3hkR11XCp/nlyM2cWr3qeUSGuZgi3JkFdMpzgL5qOR8=",
			},
			{
				Name: "argo-rollouts", Module: "github.com/argoproj/argo-rollouts", Version: "v1.10.1",
				Path: "manifests/crds",
				Sum:  "h1:6oyVPGiHHxu3ixkT6mngemh88HLPDoTX1IwO6KNR1Y4=",
			},
			// The module has no version tags; this is the commit of controller v3.2.2.
			{
				Name: "aws-load-balancer-controller", Module: "sigs.k8s.io/aws-load-balancer-controller",
				Version: "v0.0.0-20260423195125-93ff3b5fdaad",
				Path:    "config/crd/bases",
				Sum:     "h1:um5R2nbXcfFJoHX8WZJZU+1uwuofXwR0V9FCF4sdK7g=",
			},
			{
				Name: "external-secrets", Module: "github.com/external-secrets/external-secrets", Version: "v1.3.2",
				Path: "config/crds/bases",
				Sum:  "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
			},
			{
				Name: "kyverno", Module: "github.com/kyverno/kyverno", Version: "v1.19.1",
				Path: "config/crds",
				Sum:  "h1:/MkgFii3/VlQfKR1JpC9tVwNNVNQTt2S4U6qCsafsTU=",
			},
			{
				Name: "prometheus-operator", Module: "github.com/prometheus-operator/prometheus-operator", Version: "v0.85.0",
				Path: "example/prometheus-operator-crd",
				Sum:  "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
			},
		},
	}
}

// Fetcher returns the folder that holds the source's module.
type Fetcher func(ctx context.Context, s Source) (dir string, err error)

// FromModules is the [Fetcher] that downloads with the go command.
func FromModules(ctx context.Context, s Source) (string, error) {
	return gomod.Fetch(ctx, s.Module, s.Version, s.Sum)
}

// String is the form in which messages name a source.
func (s Source) String() string { return path.Join(s.Module+"@"+s.Version, s.Path) }
