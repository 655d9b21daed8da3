# Sourced by ./run, ./test and .ci/run: sets PYTHON to a Python 3.11+ that really starts (pyenv leaves shims that do not).
_fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
  _fits "$PYTHON" || { echo "PYTHON=$PYTHON bukan Python 3.11 atau lebih baru." >&2; exit 1; }
else
  for _candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if _fits "$_candidate"; then PYTHON=$_candidate; break; fi
  done
  if [ -z "${PYTHON:-}" ]; then
    echo "Perlu Python 3.11 atau lebih baru. Di Debian/Ubuntu: sudo apt install python3 python3-venv" >&2
    exit 1
  fi
fi
