//go:build tools

// The YAML language host is built from this module too: it does not compile with the CLI's release of Pulumi.
package main

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
