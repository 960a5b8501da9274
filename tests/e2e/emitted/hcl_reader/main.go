// Reads resources as Terraform does: HashiCorp's parser, and jsonencode of go-cty.
// In: a JSON array of HCL sources. Out: a JSON array of the evaluated configuration_values.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func values(source string) (string, error) {
	file, found := hclsyntax.ParseConfig([]byte(source), "main.tf", hcl.InitialPos)
	if found.HasErrors() {
		return "", found
	}
	body := file.Body.(*hclsyntax.Body)
	if len(body.Blocks) != 1 || body.Blocks[0].Type != "resource" {
		return "", fmt.Errorf("not one resource")
	}
	attribute, ok := body.Blocks[0].Body.Attributes["configuration_values"]
	if !ok {
		return "", fmt.Errorf("no configuration_values")
	}
	context := &hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}}
	value, found := attribute.Expr.Value(context)
	if found.HasErrors() {
		return "", found
	}
	return value.AsString(), nil
}

func main() {
	var sources []string
	if err := json.NewDecoder(os.Stdin).Decode(&sources); err != nil {
		panic(err)
	}
	read := make([]string, 0, len(sources))
	for _, source := range sources {
		text, err := values(source)
		if err != nil {
			text = "error: " + err.Error()
		}
		read = append(read, text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(read); err != nil {
		panic(err)
	}
}
