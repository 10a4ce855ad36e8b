// Package registry makes an ECR repository: immutable tags, scan on push,
// encryption, a lifecycle that keeps it small.
//
// The repository survives its stack: images are what one rolls back to.
package registry

import (
	"encoding/json"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ecr "github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
)

// Props configure a repository.
type Props struct {
	// Name is the repository's name, "fintrack/web".
	Name string
	// KeepImages is how many tagged images stay, at least 1.
	KeepImages int
	// UntaggedDays is after how many days an untagged image goes, at least 1.
	UntaggedDays int
}

// Registry is the handle of a repository.
type Registry struct {
	constructs.Construct
	repository ecr.CfnRepository
}

// Resource is the repository itself.
func (r *Registry) Resource() ecr.CfnRepository { return r.repository }

// URI is what docker pushes to and pods pull from.
func (r *Registry) URI() *string { return r.repository.AttrRepositoryUri() }

// New makes a repository.
func New(scope constructs.Construct, id string, props Props) *Registry {
	if props.Name == "" || props.KeepImages < 1 || props.UntaggedDays < 1 {
		panic(fmt.Sprintf("registry: Props.Name, KeepImages and UntaggedDays must be given, got %q, %d and %d", props.Name, props.KeepImages, props.UntaggedDays))
	}
	r := &Registry{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	r.repository = ecr.NewCfnRepository(r.Construct, jsii.String("Repository"), &ecr.CfnRepositoryProps{
		RepositoryName:             jsii.String(props.Name),
		ImageTagMutability:         jsii.String("IMMUTABLE"),
		ImageScanningConfiguration: &ecr.CfnRepository_ImageScanningConfigurationProperty{ScanOnPush: true},
		EncryptionConfiguration:    &ecr.CfnRepository_EncryptionConfigurationProperty{EncryptionType: jsii.String("KMS")},
		LifecyclePolicy:            &ecr.CfnRepository_LifecyclePolicyProperty{LifecyclePolicyText: jsii.String(lifecycle(props))},
	})
	r.repository.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
	return r
}

// lifecycle writes the rules of ECR's lifecycle policy.
func lifecycle(props Props) string {
	type selection struct {
		TagStatus      string   `json:"tagStatus"`
		TagPatternList []string `json:"tagPatternList,omitempty"`
		CountType      string   `json:"countType"`
		CountUnit      string   `json:"countUnit,omitempty"`
		CountNumber    int      `json:"countNumber"`
	}
	type rule struct {
		RulePriority int               `json:"rulePriority"`
		Description  string            `json:"description"`
		Selection    selection         `json:"selection"`
		Action       map[string]string `json:"action"`
	}
	expire := map[string]string{"type": "expire"}
	text, err := json.Marshal(map[string][]rule{"rules": {
		{1, "untagged images go", selection{TagStatus: "untagged", CountType: "sinceImagePushed", CountUnit: "days", CountNumber: props.UntaggedDays}, expire},
		{2, "the newest images stay", selection{TagStatus: "tagged", TagPatternList: []string{"*"}, CountType: "imageCountMoreThan", CountNumber: props.KeepImages}, expire},
	}})
	if err != nil {
		panic(fmt.Sprintf("registry: Props must be plain numbers: %v", err)) // structs of numbers and strings always marshal
	}
	return string(text)
}
