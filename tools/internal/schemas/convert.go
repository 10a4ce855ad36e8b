package schemas

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// Kind names a Kubernetes kind in one version.
type Kind struct{ Group, Version, Kind string }

// APIVersion is the value of a manifest's apiVersion field.
func (k Kind) APIVersion() string {
	if k.Group == "" {
		return k.Version
	}
	return k.Group + "/" + k.Version
}

func (k Kind) String() string { return k.APIVersion() + " " + k.Kind }

// file is the path in the layout [Layout]. For the core group, which
// has no name, kubeconform puts the version in the group's place.
func (k Kind) file() string {
	folder := k.Group
	if folder == "" {
		folder = k.Version
	}
	return folder + "/" + strings.ToLower(k.Kind) + "_" + k.Version + ".json"
}

// kindSchema is a finished, self-contained schema.
type kindSchema struct {
	kind   Kind
	schema object
}

// draft is JSON Schema draft 4: the one that OpenAPI grew from (exclusiveMinimum
// is a boolean), and one in which the validator enforces "format".
const draft = "http://json-schema.org/draft-04/schema#"

// dialect is how the two inputs differ.
type dialect struct {
	// pruned: an object that lists no fields has none. True for CRDs, where the
	// API server drops whatever the schema does not name. False for the OpenAPI
	// document, where such an object stands for free-form JSON.
	pruned bool
	// refs: "$ref" may occur.
	refs bool
}

var (
	openAPI = dialect{refs: true}
	crd     = dialect{pruned: true}
)

// ignored keywords do not say which values are allowed, or say it in a way that
// JSON Schema cannot express.
var ignored = map[string]bool{
	"default":      true, // used in convert, to see what may be left out
	"description":  true,
	"example":      true,
	"externalDocs": true,
	"title":        true,

	"x-kubernetes-group-version-kind": true, // read by readSwagger
	"x-kubernetes-list-map-keys":      true, // uniqueness by key: only an API server checks it
	"x-kubernetes-map-type":           true,
	"x-kubernetes-patch-merge-key":    true,
	"x-kubernetes-patch-strategy":     true,
	"x-kubernetes-selectable-fields":  true,
	"x-kubernetes-unions":             true,
	"x-kubernetes-validations":        true, // CEL: only an API server runs it
}

// copied keywords mean the same in JSON Schema draft 4.
var copied = map[string]bool{
	"enum":             true,
	"exclusiveMaximum": true, "exclusiveMinimum": true,
	"maximum": true, "minimum": true, "multipleOf": true,
	"maxItems": true, "minItems": true, "uniqueItems": true,
	"maxLength": true, "minLength": true, "pattern": true,
	"maxProperties": true, "minProperties": true,
}

// flags are keywords whose value is true or false.
var flags = map[string]bool{
	"nullable":                             true,
	"x-kubernetes-embedded-resource":       true,
	"x-kubernetes-int-or-string":           true,
	"x-kubernetes-preserve-unknown-fields": true,
}

// keptFormats are enforced by kubeconform as the API server does. Formats that
// are not here and not translated in applyFormat are left to the API server.
var keptFormats = map[string]bool{
	"date": true, "date-time": true, "duration": true,
	"email": true, "hostname": true, "ipv4": true, "ipv6": true, "uuid": true,
}

// Base64Pattern is put on fields that hold bytes. It is what Go's decoder
// accepts: groups of four, padded, line breaks anywhere.
const Base64Pattern = `^(?:(?:[A-Za-z0-9+/]\s*){4})*` +
	`(?:(?:[A-Za-z0-9+/]\s*){2}=\s*=|(?:[A-Za-z0-9+/]\s*){3}=)?\s*$`

// convert translates one schema, and all schemas in it, into JSON Schema. at is
// where it stands, for messages. A keyword that it does not know is an error:
// left out silently it would make a check weaker without anybody noticing.
func (d dialect) convert(at string, in object) (object, error) {
	out := object{}
	is := map[string]bool{} // the flags that are set
	for _, key := range slices.Sorted(maps.Keys(in)) {
		value, here := in[key], at+"/"+key
		var err error
		switch {
		case ignored[key]:
		case copied[key]:
			out[key] = value
		case flags[key]:
			on, ok := value.(bool)
			if !ok {
				return nil, fmt.Errorf("%s: %v must be true or false", here, value)
			}
			is[key] = on
		case key == "x-kubernetes-list-type":
			if value == "set" {
				out["uniqueItems"] = true
			}
		case key == "type":
			if _, ok := value.(string); !ok {
				return nil, fmt.Errorf("%s: %v must be one type's name", here, value)
			}
			out[key] = value
		case key == "format":
			if format, ok := value.(string); !ok {
				return nil, fmt.Errorf("%s: %v must be a format's name", here, value)
			} else if format == "int-or-string" {
				is["x-kubernetes-int-or-string"] = true
			}
		case key == "$ref" && d.refs:
			if name, ok := value.(string); !ok || !strings.HasPrefix(name, refPrefix) {
				return nil, fmt.Errorf("%s: %v must begin with %s", here, value, refPrefix)
			}
			return object{key: value}, nil // in draft 4 nothing beside a $ref counts
		case key == "required":
			out[key], err = stringsOf(here, value)
		case key == "properties":
			out[key], err = d.convertMap(here, value)
		case key == "items":
			out[key], err = d.convertValue(here, value)
		case key == "additionalProperties":
			if open, ok := value.(bool); ok {
				out[key] = open
			} else {
				out[key], err = d.convertValue(here, value)
			}
		case key == "allOf" || key == "anyOf" || key == "oneOf":
			out[key], err = convertList(here, value)
		case key == "not":
			out[key], err = dialect{}.convertValue(here, value)
		default:
			return nil, fmt.Errorf("%s: keyword is not known: decide in convert.go how to translate it", here)
		}
		if err != nil {
			return nil, err
		}
	}
	d.finish(in, out, is)
	return out, nil
}

// finish applies what depends on several keywords together.
func (d dialect) finish(in, out object, is map[string]bool) {
	applyFormat(in["format"], out)
	if is["x-kubernetes-int-or-string"] {
		out["type"] = []any{"integer", "string"}
	}
	if is["x-kubernetes-embedded-resource"] {
		addResourceFields(out)
	}

	// A required field with a default may be left out: the API server fills
	// defaults in before it validates.
	properties, _ := in["properties"].(object)
	if required, ok := out["required"].([]any); ok {
		required = slices.DeleteFunc(slices.Clone(required), func(name any) bool {
			field, _ := properties[name.(string)].(object) // stringsOf has checked the type
			_, hasDefault := field["default"]
			return hasDefault
		})
		if out["required"] = required; len(required) == 0 {
			delete(out, "required") // draft 4 wants at least one
		}
	}

	// Unknown fields. Inside allOf, anyOf, oneOf and not, the dialect is empty
	// and nothing is closed: those list only the fields that they restrict.
	_, hasAdditional := out["additionalProperties"]
	_, hasProperties := out["properties"]
	closes := hasProperties && d != dialect{} || d.pruned && out["type"] == "object"
	if closes && !hasAdditional && !is["x-kubernetes-preserve-unknown-fields"] {
		out["additionalProperties"] = false
	}

	if is["nullable"] {
		switch t := out["type"].(type) {
		case string:
			out["type"] = []any{t, "null"}
		case []any:
			out["type"] = append(slices.Clone(t), "null")
		}
		if allowed, ok := out["enum"].([]any); ok {
			out["enum"] = append(slices.Clone(allowed), nil)
		}
	}
}

// addResourceFields adds the fields that every embedded resource has without its CRD saying
// so. Its metadata is not checked further.
func addResourceFields(out object) {
	properties, _ := out["properties"].(object)
	if properties == nil {
		properties = object{}
		out["properties"] = properties
	}
	for name, kind := range map[string]string{"apiVersion": "string", "kind": "string", "metadata": "object"} {
		if _, ok := properties[name]; !ok {
			properties[name] = object{"type": kind}
		}
	}
}

// applyFormat translates "format", which JSON Schema knows only a part of.
// Bounds and patterns that the schema itself gives stay.
func applyFormat(format any, out object) {
	set := func(key string, value any) {
		if _, ok := out[key]; !ok {
			out[key] = value
		}
	}
	switch name, _ := format.(string); {
	case name == "int32":
		set("minimum", math.MinInt32)
		set("maximum", math.MaxInt32)
	case name == "byte":
		set("pattern", Base64Pattern)
	case keptFormats[name]:
		out["format"] = name
	}
}

func (d dialect) convertValue(at string, value any) (object, error) {
	in, ok := value.(object)
	if !ok {
		return nil, fmt.Errorf("%s: %v must be a schema", at, value)
	}
	return d.convert(at, in)
}

func (d dialect) convertMap(at string, value any) (object, error) {
	in, ok := value.(object)
	if !ok {
		return nil, fmt.Errorf("%s: %v must map names to schemas", at, value)
	}
	out := make(object, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) { // sorted: the first error is always the same one
		converted, err := d.convertValue(at+"/"+name, in[name])
		if err != nil {
			return nil, err
		}
		out[name] = converted
	}
	return out, nil
}

// convertList converts the alternatives of allOf, anyOf and oneOf.
func convertList(at string, value any) ([]any, error) {
	in, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: %v must be a list of schemas", at, value)
	}
	out := make([]any, len(in))
	for i, schema := range in {
		converted, err := dialect{}.convertValue(fmt.Sprintf("%s/%d", at, i), schema)
		if err != nil {
			return nil, err
		}
		out[i] = converted
	}
	return out, nil
}

func stringsOf(at string, value any) ([]any, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: %v must be a list of names", at, value)
	}
	for _, v := range list {
		if _, ok := v.(string); !ok {
			return nil, fmt.Errorf("%s: %v must be a name", at, v)
		}
	}
	return list, nil
}

const (
	refPrefix  = "#/definitions/"
	objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
	// namedMeta is ObjectMeta of a manifest: it must have a name.
	namedMeta = objectMeta + ".named"
)

// complete makes a self-contained schema of one kind: it pins apiVersion and
// kind, checks the metadata, and carries the definitions it refers to.
//
// apiVersion and kind are compared exactly because the file is found by the kind
// in lower case: without that, "kind: deployment" would pass, and where file
// names ignore case, "Apps/V1" too.
func complete(k Kind, schema, defs object) object {
	properties := maps.Clone(schema["properties"].(object)) // both callers have checked it
	properties["apiVersion"] = object{"enum": []any{k.APIVersion()}}
	properties["kind"] = object{"enum": []any{k.Kind}}
	meta := object{"$ref": refPrefix + namedMeta}
	if own, ok := properties["metadata"].(object); ok && own["$ref"] == nil && len(own) > 0 {
		meta = object{"allOf": []any{meta, own}} // a CRD may restrict the name
	}
	properties["metadata"] = meta

	required, _ := schema["required"].([]any)
	for _, name := range []any{"apiVersion", "kind", "metadata"} {
		if !slices.Contains(required, name) {
			required = append(slices.Clone(required), name)
		}
	}

	root := maps.Clone(schema)
	root["$schema"] = draft
	root["properties"] = properties
	root["required"] = required
	used := object{}
	collect(root, defs, used)
	root["definitions"] = used
	return root
}

// collect puts into used every definition that schema refers to, directly or
// through another one.
func collect(schema any, defs, used object) {
	switch s := schema.(type) {
	case object:
		if ref, ok := s["$ref"].(string); ok {
			name := strings.TrimPrefix(ref, refPrefix)
			// A name that defs lacks is left out, and compiling the schema reports it.
			if def, known := defs[name]; known && used[name] == nil {
				used[name] = def
				collect(def, defs, used)
			}
		}
		for _, v := range s {
			collect(v, defs, used)
		}
	case []any:
		for _, v := range s {
			collect(v, defs, used)
		}
	}
}

// kindName is what the API server allows as the name of a kind. A kind becomes
// a file name here.
var kindName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
