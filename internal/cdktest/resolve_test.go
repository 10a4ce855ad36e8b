package cdktest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/cdktest"
)

func TestResolveComputesWhatCloudFormationWould(t *testing.T) {
	references := map[string]string{"Address": "203.0.113.10", "Address.AllocationId": "eipalloc-1", "AWS::Region": "eu-north-1"}
	for template, want := range map[string]string{
		`"plain ${Address}"`: `"plain ${Address}"`,
		`7`:                  `7`,
		`{"Ref":"Address"}`:  `"203.0.113.10"`,
		`{"Fn::GetAtt":["Address","AllocationId"]}`:                       `"eipalloc-1"`,
		`{"Fn::Base64":{"Ref":"AWS::Region"}}`:                            `"eu-north-1"`,
		`{"Fn::Join":["-",["a",{"Ref":"Address"},7]]}`:                    `"a-203.0.113.10-7"`,
		`{"Fn::Sub":"${AWS::Region}/${Address.AllocationId}/${!Keep}"}`:   `"eu-north-1/eipalloc-1/${Keep}"`,
		`{"Fn::Sub":["${Mine}:${Address}",{"Mine":{"Ref":"Address"}}]}`:   `"203.0.113.10:203.0.113.10"`,
		`{"Fn::Sub":["${Address}",{"Address":"hidden"}]}`:                 `"hidden"`,
		`{"a":[{"Ref":"Address"}],"Ref":"two keys are no function"}`:      `{"Ref":"two keys are no function","a":["203.0.113.10"]}`,
		`{"Condition":{"StringEquals":{"ec2:Region":{"Ref":"Address"}}}}`: `{"Condition":{"StringEquals":{"ec2:Region":"203.0.113.10"}}}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(template), &value); err != nil {
			t.Fatal(err)
		}
		got, err := cdktest.Resolve(value, references)
		if err != nil {
			t.Errorf("%s: %v", template, err)
			continue
		}
		if text := cdktest.Show(got); text != want {
			t.Errorf("%s becomes %s, want %s", template, text, want)
		}
	}
}

func TestResolveDoesNotGuess(t *testing.T) {
	for template, want := range map[string]string{
		`{"Ref":"Missing"}`:                            "the reference Missing",
		`[{"Fn::GetAtt":["Address","PublicIp"]}]`:      "the reference Address.PublicIp",
		`{"Fn::GetAtt":"Address.PublicIp"}`:            "cannot resolve Fn::GetAtt",
		`{"a":{"Fn::Sub":"${Missing}"}}`:               "the reference Missing",
		`{"Fn::Sub":["${A}",{"A":{"Ref":"Missing"}}]}`: "the reference Missing",
		`{"Fn::Sub":[{"Ref":"A"},{}]}`:                 "cannot resolve Fn::Sub",
		`{"Fn::Join":["",{"Ref":"Address"}]}`:          "Fn::Join of",
		`{"Fn::Join":["",[{"Ref":"Missing"}]]}`:        "the reference Missing",
		`{"Fn::ImportValue":"x"}`:                      "cannot resolve Fn::ImportValue",
	} {
		var value any
		if err := json.Unmarshal([]byte(template), &value); err != nil {
			t.Fatal(err)
		}
		if got, err := cdktest.Resolve(value, map[string]string{"Address": "203.0.113.10"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v and error %v, want %q", template, got, err, want)
		}
	}
}
