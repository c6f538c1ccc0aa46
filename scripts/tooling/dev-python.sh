# Sourced by the scripts. Sets DEV_PYTHON to the interpreter of the development
# environment, which is built when it is missing or the requirements changed.
# Prints nothing on stdout. The usual case costs one hash.

_tooling="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
_dev_key="$({ cat "$_tooling/../../requirements.txt" \
        "$_tooling/../../requirements-dev.txt"
    printf %s "${EBAY_SYNC_PYTHON:-}"; } | sha256sum)"
_dev_venv="${EBAY_SYNC_CACHE:-$HOME/.cache/ebay_sync}/venv/dev-${_dev_key:0:12}"
DEV_PYTHON="$_dev_venv/bin/python"
if [ -f "$_dev_venv/.complete" ] && [ -x "$DEV_PYTHON" ]; then
    touch -c "$_dev_venv/.complete" 2>/dev/null
else
    . "$_tooling/bootstrap.sh"
    DEV_PYTHON="$(run_tooling venvs)" || exit 1
fi
export DEV_PYTHON
