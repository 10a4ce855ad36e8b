package atlas_test

import (
	"reflect"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"

	"github.com/fintrack/platform/constructs/atlas"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

const (
	project      = "0123456789abcdef01234567"
	resourceType = "MongoDB::Atlas::ProjectIpAccessList"
)

// synth makes the list of a number of addresses.
func synth(t *testing.T, addresses int, change func(*atlas.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		props := atlas.Props{ProjectID: project}
		for i := range addresses {
			address := ec2.NewCfnEIP(stack, jsii.String("Address"+string(rune('a'+i))), nil)
			props.Addresses = append(props.Addresses, address.AttrPublicIp())
		}
		if change != nil {
			change(&props)
		}
		list := atlas.New(stack, "Atlas", props)
		cdk.NewCfnOutput(stack, jsii.String("Resource"), &cdk.CfnOutputProps{Value: list.Resource().Ref()})
	})
}

func publicIP(id string) any {
	return map[string]any{"Fn::GetAtt": []any{id, "PublicIp"}}
}

func TestEveryAddressIsOnTheListOfTheProject(t *testing.T) {
	template := synth(t, 2, func(p *atlas.Props) { p.Profile, p.Comment = "shop", "NAT of the shop" })
	list := template.Only(t, resourceType)
	list.Want(t, "ProjectId", project)
	list.Want(t, "Profile", "shop")
	list.Want(t, "AccessList", []any{
		map[string]any{"IPAddress": publicIP("Addressa"), "Comment": "NAT of the shop"},
		map[string]any{"IPAddress": publicIP("Addressb"), "Comment": "NAT of the shop"},
	})
	if got := template.Outputs["Resource"].Value; !reflect.DeepEqual(got, map[string]any{"Ref": list.LogicalID}) {
		t.Errorf("the handle's resource is %s", cdktest.Show(got))
	}
}

func TestDefaults(t *testing.T) {
	list := synth(t, 1, nil).Only(t, resourceType)
	list.Want(t, "Profile", "default")
	list.Want(t, "AccessList", []any{map[string]any{"IPAddress": publicIP("Addressa")}})
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*atlas.Props){
		`atlas: Props.ProjectID and Addresses must be given, got "" and 1 addresses`:                         func(p *atlas.Props) { p.ProjectID = "" },
		`atlas: Props.ProjectID and Addresses must be given, got "0123456789abcdef01234567" and 0 addresses`: func(p *atlas.Props) { p.Addresses = nil },
	} {
		if message := cdktest.MustPanic(t, func() { synth(t, 1, change) }); message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
