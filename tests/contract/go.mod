module pulumi-utho.invalid/tests/contract

go 1.23.0

require github.com/uthoplatforms/utho-go v0.2.5
