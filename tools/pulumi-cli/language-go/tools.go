//go:build tools

// Package tools pins the Go language host so that go.mod and go.sum hold all that its build needs.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
