package cdktest

import (
	"fmt"
	"regexp"
	"strings"
)

// variable matches a reference in the text of Fn::Sub.
var variable = regexp.MustCompile(`\$\{([^}!]+)\}`)

// Resolve computes a value of a template as CloudFormation would, with the
// references that are given: "Address" for a Ref, "Address.PublicIp" for a
// Fn::GetAtt, "AWS::Region" for a pseudo parameter. It knows Ref, Fn::GetAtt,
// Fn::Sub, Fn::Join and Fn::Base64 (which stays plain text); what it does not
// know is an error and never a guess.
func Resolve(value any, references map[string]string) (any, error) {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			var err error
			if list[i], err = Resolve(v[i], references); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		if len(v) == 1 {
			for function, argument := range v {
				if function == "Ref" || strings.HasPrefix(function, "Fn::") {
					return call(function, argument, references)
				}
			}
		}
		object := map[string]any{}
		for key := range v {
			var err error
			if object[key], err = Resolve(v[key], references); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	return value, nil
}

// call computes one intrinsic function.
func call(function string, argument any, references map[string]string) (any, error) {
	switch arguments, _ := argument.([]any); function {
	case "Ref":
		return reference(fmt.Sprint(argument), references)
	case "Fn::GetAtt":
		if len(arguments) == 2 {
			return reference(fmt.Sprintf("%v.%v", arguments...), references)
		}
	case "Fn::Base64":
		return Resolve(argument, references)
	case "Fn::Join":
		if len(arguments) == 2 {
			return join(arguments, references)
		}
	case "Fn::Sub":
		if text, ok := argument.(string); ok {
			return substitute(text, nil, references)
		}
		if len(arguments) == 2 {
			text, isText := arguments[0].(string)
			own, isMap := arguments[1].(map[string]any)
			if isText && isMap {
				return substitute(text, own, references)
			}
		}
	}
	return nil, fmt.Errorf("cdktest: cannot resolve %s of %v", function, argument)
}

func reference(name string, references map[string]string) (any, error) {
	value, ok := references[name]
	if !ok {
		return nil, fmt.Errorf("cdktest: nothing is given for the reference %s", name)
	}
	return value, nil
}

func join(arguments []any, references map[string]string) (any, error) {
	list, err := Resolve(arguments[1], references)
	if err != nil {
		return nil, err
	}
	parts, ok := list.([]any)
	if !ok {
		return nil, fmt.Errorf("cdktest: Fn::Join of %v", arguments[1])
	}
	var texts []string
	for _, part := range parts {
		texts = append(texts, fmt.Sprint(part))
	}
	return strings.Join(texts, fmt.Sprint(arguments[0])), nil
}

// substitute replaces ${Name} by a variable of the call's own or a reference,
// and ${!Name} by ${Name}.
func substitute(text string, own map[string]any, references map[string]string) (any, error) {
	var failure error
	text = variable.ReplaceAllStringFunc(text, func(match string) string {
		name := variable.FindStringSubmatch(match)[1]
		value, err := reference(name, references)
		if mine, ok := own[name]; ok {
			value, err = Resolve(mine, references)
		}
		if err != nil {
			failure = err
		}
		return fmt.Sprint(value)
	})
	if failure != nil {
		return nil, failure
	}
	return strings.ReplaceAll(text, "${!", "${"), nil
}
