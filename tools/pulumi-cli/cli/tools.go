//go:build tools

// Package tools pins the Pulumi CLI so that go.mod and go.sum hold all that its build needs.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
