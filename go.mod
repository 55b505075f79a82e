module crosswheel

go 1.25.0

require (
	github.com/BurntSushi/toml v1.5.0
	github.com/agext/levenshtein v1.2.1
	github.com/hashicorp/hcl/v2 v2.24.0
	github.com/klauspost/compress v1.19.2
	github.com/mitchellh/go-wordwrap v1.0.1
	github.com/rogpeppe/go-internal v1.14.1
	github.com/sourcegraph/conc v0.3.0
	github.com/zclconf/go-cty v1.16.3
	golang.org/x/net v0.50.0
	golang.org/x/sys v0.41.0
	golang.org/x/text v0.34.0
	golang.org/x/tools v0.41.0
)

require (
	github.com/apparentlymart/go-textseg/v15 v15.0.0 // indirect
	github.com/stretchr/testify v1.9.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.32.0 // indirect
	golang.org/x/sync v0.19.0 // indirect
)
