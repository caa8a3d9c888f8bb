#!/bin/sh
# Finds Python 3.11 and hands over to scripts/setup.py: scripts/bootstrap.sh STEP...
# PYTHON names the interpreter when it is not on the path.
set -eu
cd "$(dirname "$0")/.."
for python in "${PYTHON:-}" python3.11 python3 python; do
    if [ -n "$python" ] &&
        "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        exec "$python" -m scripts.setup "$@"
    fi
done
echo "Python 3.11 is missing: install it (Debian: apt-get install python3.11 python3.11-venv)," \
    "or name it with PYTHON=/path/to/python3.11." >&2
exit 1
