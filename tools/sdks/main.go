// Command sdks checks plugin/schema.json against Pulumi's own schema of schemas, and writes SDKs from it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-utho"

// loader loads nothing: the schema refers to no other package.
type loader struct{ schema.ReferenceLoader }

var alone = loader{}

var generators = map[string]func(*schema.Package) (map[string][]byte, error){
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, alone)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage(tool, pkg, nil, alone)
	},
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		return gogen.GeneratePackage(tool, pkg, nil)
	},
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file, folder string) error {
	pkg, err := bind(file)
	if err != nil {
		return err
	}
	for language, generate := range generators {
		files, err := generate(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		for name, text := range files {
			place := filepath.Join(folder, language, name)
			if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(place, text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, alone, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	// A warning is a mistake as well: nothing in the schema is there by chance.
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	return pkg, nil
}
