#!/bin/sh
# Installs what requirements.txt asks for from the wheels beside this script. It needs no network.
#
#   sh install.sh [OPTION OF PIP ...]
#
# They are for @TARGET@, Python @PYTHON@. Where they are installed is pip's to say: on an OT-2 that is /var/user-packages, which stays
# when the robot's software is updated. To take them off again: pip uninstall -r requirements.txt
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$found" != "@PYTHON@" ]; then
	echo "These wheels are for Python @PYTHON@ (@TARGET@), and this is Python $found: make a bundle for this robot's software." >&2
	exit 1
fi

# A copy that broke on its way shall not be found out about by a robot at work.
if ! sums=$(sha256sum -c SHA256SUMS 2>&1); then
	echo "$sums" | grep -v ': OK$' >&2 || true
	echo "Some files are not as they were packed. Copy the bundle once more." >&2
	exit 1
fi

exec "$python" -m pip install --no-index --find-links wheels --only-binary :all: --disable-pip-version-check -r requirements.txt "$@"
