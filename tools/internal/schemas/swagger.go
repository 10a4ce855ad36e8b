package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
)

// QuantityPattern is put on quantities. It is the one that Kubernetes itself uses
// in CRDs.
const QuantityPattern = `^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))` +
	`(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`

// special definitions say less in the OpenAPI document than the API server's
// decoder knows about them.
var special = object{
	// "250m", "1Gi", and plain numbers, which people write without quotes.
	"io.k8s.apimachinery.pkg.api.resource.Quantity": object{
		"type": []any{"string", "number"}, "pattern": QuantityPattern,
	},
	// Every Go client writes "creationTimestamp: null".
	"io.k8s.apimachinery.pkg.apis.meta.v1.Time": object{
		"type": []any{"string", "null"}, "format": "date-time",
	},
	"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": object{
		"type": []any{"string", "null"}, "format": "date-time",
	},
}

// readSwagger reads Kubernetes' OpenAPI v2 document. It returns all definitions,
// converted, and a schema for each kind that can stand in a manifest.
func readSwagger(file string) (object, []kindSchema, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	var doc struct {
		Definitions map[string]object `json:"definitions"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Definitions[objectMeta] == nil {
		return nil, nil, fmt.Errorf("definitions/%s is missing: not a Kubernetes OpenAPI v2 document", objectMeta)
	}

	defs := object{}
	for _, name := range slices.Sorted(maps.Keys(doc.Definitions)) {
		if s, ok := special[name]; ok {
			defs[name] = s
			continue
		}
		if defs[name], err = openAPI.convert("definitions/"+name, doc.Definitions[name]); err != nil {
			return nil, nil, err
		}
	}
	named := maps.Clone(defs[objectMeta].(object))
	// A name made by the API server is as good: Argo CD hooks use it.
	named["anyOf"] = []any{
		object{"required": []any{"name"}},
		object{"required": []any{"generateName"}},
	}
	defs[namedMeta] = named

	var kinds []kindSchema
	for _, name := range slices.Sorted(maps.Keys(doc.Definitions)) {
		k, ok, err := kindOf(doc.Definitions[name])
		if err != nil {
			return nil, nil, fmt.Errorf("definitions/%s: %w", name, err)
		}
		if ok {
			kinds = append(kinds, kindSchema{k, complete(k, defs[name].(object), defs)})
		}
	}
	if len(kinds) == 0 {
		return nil, nil, errors.New("no kind found in the OpenAPI document")
	}
	return defs, kinds, nil
}

// kindOf tells which kind a definition is, and whether it can stand in a
// manifest: only what carries an object's metadata can be applied, not lists,
// options and descriptions of APIs.
func kindOf(def object) (Kind, bool, error) {
	properties, _ := def["properties"].(object)
	metadata, _ := properties["metadata"].(object)
	list, _ := def["x-kubernetes-group-version-kind"].([]any)
	if metadata["$ref"] != refPrefix+objectMeta || len(list) == 0 {
		return Kind{}, false, nil
	}
	if len(list) > 1 {
		return Kind{}, false, fmt.Errorf("x-kubernetes-group-version-kind has %d entries, want one", len(list))
	}
	entry, _ := list[0].(object)
	group, _ := entry["group"].(string)
	version, _ := entry["version"].(string)
	kind, _ := entry["kind"].(string)
	if version == "" || !kindName.MatchString(kind) {
		return Kind{}, false, fmt.Errorf("x-kubernetes-group-version-kind %v lacks a version or a proper kind", entry)
	}
	// API servers serve no alpha version, and no beta version that is newer than
	// 1.24, unless told to, and EKS cannot be told.
	return Kind{group, version, kind}, stable.MatchString(version), nil
}

var stable = regexp.MustCompile(`^v\d+$`)
