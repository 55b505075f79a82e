#!/bin/sh
# The plan of publishing to S3: files, METADATA, pages, and what names all projects last, so that no page ever names a file that is not
# there. Nothing is removed: a file that was published stays, and is yanked if it is bad.
#
#   sh host/s3.sh s3://BUCKET/PREFIX             # read what would be done
#   sh host/s3.sh s3://BUCKET/PREFIX | sh -e     # do it
set -eu
to=${1:?the address of the bucket: s3://NAME/PREFIX}
from=$(cd "$(dirname "$0")/.." && pwd)
soon='public, max-age=600'
step() { # PATTERN CONTENT-TYPE
  echo "aws s3 cp --recursive '$from' '$to' --exclude '*' --include '$1' --content-type '$2' --cache-control '$soon'"
}
echo "aws s3 sync --size-only '$from' '$to' --exclude '*' --include 'simple/*.whl' --content-type application/octet-stream --cache-control 'public, max-age=31536000, immutable'"
step 'simple/*.whl.metadata' 'text/plain; charset=utf-8'
step 'simple/*.whl.provenance*' application/json
step 'simple/*.whl.cdx.json' application/vnd.cyclonedx+json
step 'simple/*/index.html' 'text/html; charset=utf-8'
step 'simple/*/index.v1_json' application/vnd.pypi.simple.v1+json
step 'simple-json/*/index.html' application/vnd.pypi.simple.v1+json
echo "aws s3 cp --recursive '$from' '$to' --exclude 'simple/*' --exclude 'simple-json/*' --exclude 'host/*' --exclude '_headers' --cache-control '$soon'"
step 'simple/index.v1_json' application/vnd.pypi.simple.v1+json
step 'simple-json/index.html' application/vnd.pypi.simple.v1+json
step 'simple/index.html' 'text/html; charset=utf-8'
