//go:build tools

// Package tools pins Pulumi's Node.js and Python language hosts so that go.mod and go.sum hold all that their builds
// need.
package tools

import (
	_ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
	_ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
)
