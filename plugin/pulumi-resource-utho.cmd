@node "%~dp0pulumi-resource-utho" %*
