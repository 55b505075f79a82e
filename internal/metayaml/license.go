// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"regexp"
	"strings"
)

// licenseNames are SPDX's words for what people write.
var licenseNames = map[string]string{
	"apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
	"boost": "BSL-1.0", "bsd-0-clause": "0BSD", "modified bsd license": "BSD-3-Clause", "new bsd license": "BSD-3-Clause", "3-clause bsd": "BSD-3-Clause",
	"mit license": "MIT", "psf": "PSF-2.0", "python license": "PSF-2.0", "python software foundation license": "PSF-2.0",
	"lgplv2+": "LGPL-2.0-or-later", "lgplv3+": "LGPL-3.0-or-later", "gplv2+": "GPL-2.0-or-later", "gplv3": "GPL-3.0-only", "gplv3+": "GPL-3.0-or-later",
}

var (
	gnuLicense    = regexp.MustCompile(`\b(A?GPL|LGPL)-(\d\.\d)(\+|-only|-or-later)?( |\)|$)`)
	licenseJoiner = regexp.MustCompile(`(?i) (or|and|with) `)
	licenseShape  = regexp.MustCompile(`^\(?[A-Za-z0-9.+-]+\)?( (AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*$`)
	unclearNames  = regexp.MustCompile(`^(BSD|GPL|LGPL|Apache|Mixed|Other|Custom|Biopython)$`)
)

// licenseExpression writes a license as SPDX does, if it is clear which one is meant.
func licenseExpression(text string) (string, bool) {
	text = strings.Join(strings.Fields(text), " ")
	if name, known := licenseNames[strings.ToLower(text)]; known {
		return name, true
	}
	text = licenseJoiner.ReplaceAllStringFunc(text, strings.ToUpper)
	text = gnuLicense.ReplaceAllStringFunc(text, func(s string) string {
		m := gnuLicense.FindStringSubmatch(s)
		switch m[3] {
		case "":
			m[3] = "-only" // SPDX's own reading of the bare name
		case "+":
			m[3] = "-or-later"
		}
		return m[1] + "-" + m[2] + m[3] + m[4]
	})
	return text, licenseShape.MatchString(text) && !unclearNames.MatchString(text)
}
