# Sourced by the scripts. Sets BASE_PYTHON, a Python that can run scripts/tooling
# (3.10 or newer), and CHECKOUT. Installs python3 with apt when there is none.

CHECKOUT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"

_new_enough() {
    [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
        >/dev/null 2>&1
}

_find_base_python() {
    local name
    for name in "${EBAY_SYNC_PYTHON:-python3}" /usr/bin/python3 \
            python3.13 python3.12 python3.11 python3.10; do
        name="$(command -v "$name")" || continue
        if _new_enough "$name"; then
            BASE_PYTHON="$name"
            return 0
        fi
    done
    return 1
}

_install_base_python() {
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    command -v apt-get >/dev/null || return 1
    "${as_root[@]}" true >/dev/null 2>&1 || return 1
    echo "  installing python3 with apt" >&2
    "${as_root[@]}" apt-get -q update >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
        --no-install-recommends python3 python3-venv ca-certificates >&2
}

if ! _find_base_python; then
    _install_base_python || true
    if ! _find_base_python; then
        echo "Python 3.10 or newer was not found: install the packages" \
            "python3 and python3-venv." >&2
        exit 1
    fi
fi

# run_tooling MODULE ARGUMENTS...: a module of scripts/tooling.
run_tooling() {
    "$BASE_PYTHON" "$CHECKOUT/scripts/tooling" "$@"
}
