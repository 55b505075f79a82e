// SPDX-License-Identifier: Apache-2.0

package index

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Kinds of hosts that configuration is written for.
const (
	hostNginx   = "nginx"   // host/nginx.conf, to be included in a server block: JSON and HTML under one address
	hostHeaders = "headers" // _headers, as Cloudflare Pages and Netlify read it, and simple-json/
	hostS3      = "s3"      // host/s3.sh, the order of publishing to S3, and simple-json/
)

// HostKinds are the kinds of hosts that configuration can be written for.
var HostKinds = []string{hostHeaders, hostNginx, hostS3}

var (
	//go:embed hosts/nginx.conf
	nginxConf []byte
	//go:embed hosts/headers
	headersFile []byte
	//go:embed hosts/s3.sh
	s3Script []byte
)

func checkHosts(kinds []string) error {
	for _, kind := range kinds {
		if !slices.Contains(HostKinds, kind) {
			return fmt.Errorf("there is no configuration for a host of the kind %q; there is for %s", kind, strings.Join(HostKinds, ", "))
		}
	}
	return nil
}

// wantsJSONTree says whether a host can not choose between JSON and HTML, but can serve files under another content type: it gets a second tree, the
// index of which is an address of its own to give to installers.
func wantsJSONTree(kind string) bool { return kind == hostS3 || kind == hostHeaders }

func hostFiles(kinds []string) map[string][]byte {
	files := map[string][]byte{}
	for _, kind := range kinds {
		switch kind {
		case hostNginx:
			files["host/nginx.conf"] = nginxConf
		case hostHeaders:
			files["_headers"] = headersFile
		case hostS3:
			files["host/s3.sh"] = s3Script
		}
	}
	return files
}
