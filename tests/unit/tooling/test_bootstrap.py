"""The thin shell scripts, on a machine without Python."""

import shutil
import subprocess

import pytest

from scripts.tooling.paths import CHECKOUT

SOURCE = CHECKOUT / "scripts" / "tooling" / "bootstrap.sh"


@pytest.fixture
def bare(programs, tmp_path):
    """Runs bootstrap.sh where only ``programs`` and the simplest tools are."""
    for name in ("dirname", "id", "env"):
        (programs.folder / name).symlink_to(shutil.which(name))
    script = tmp_path / "scripts" / "tooling" / "bootstrap.sh"
    script.parent.mkdir(parents=True)
    script.write_text(SOURCE.read_text().replace("/usr/bin/python3", "no-python"))

    def run():
        command = f'set -eu; . "{script}"; echo "$BASE_PYTHON|$CHECKOUT"'
        return subprocess.run(
            ["/bin/bash", "-c", command],
            env={"PATH": str(programs.folder)},
            capture_output=True,
            text=True,
        )

    return run


def test_python_is_found(bare, programs, tmp_path):
    python = programs("python3.12", "exit 0")
    assert bare().stdout == f"{python}|{tmp_path}\n"


def test_a_python_that_is_too_old_is_passed_over(bare, programs):
    programs("python3", "exit 1")
    newer = programs("python3.11", "exit 0")
    assert bare().stdout.startswith(f"{newer}|")


def test_without_python_and_apt_it_says_what_to_install(bare):
    done = bare()
    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.10 or newer was not found: "
        "install the packages python3 and python3-venv.\n"
    )


def test_python_is_installed_where_that_is_allowed(bare, programs):
    target = programs.folder / "python3"
    install = f'case "$*" in *install*) printf "#!/bin/sh\\n" > "{target}";'
    chmod = shutil.which("chmod")
    programs("apt-get", f'{install} {chmod} +x "{target}";; esac')
    programs("sudo", 'shift; exec "$@"')
    programs("true", "exit 0")  # sudo runs no builtin of the shell
    done = bare()
    assert done.stdout.startswith(f"{target}|")
    assert "installing python3 with apt" in done.stderr
