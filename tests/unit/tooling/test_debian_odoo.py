"""Debian's package is made whole; the mirror is the machine's own."""

import pytest

from scripts.tooling import debian_odoo
from scripts.tooling.paths import Problem
from unit.tooling.fakes import make_package

OS = {"ID": "debian", "VERSION_CODENAME": "bookworm"}
TARGETS = "\n".join(
    [
        "Packages|stable|main|$(SIGNED_BY)|https://other.example/tool/",
        "Packages|bookworm-security|main|$(SIGNED_BY)|http://m.example/security/",
        "Packages|bookworm|main|/k.gpg|http://m.example/debian/",
        "Packages|bookworm|contrib|/k.gpg|http://m.example/debian/",
        "Packages|bookworm-updates|main|/k.gpg|http://m.example/debian/",
        "Contents|bookworm|main|/k.gpg|http://c.example/debian/",
    ]
)


@pytest.fixture
def apt_says(programs, monkeypatch):
    def arrange(text, system):
        programs("apt-get", f"cat <<'END'\n{text}\nEND")
        monkeypatch.setattr(debian_odoo, "_os_release", lambda: system)
        monkeypatch.setattr(debian_odoo, "_keyring", lambda name: f"/keys/{name}")

    return arrange


def test_the_mirror_is_the_machines_own(apt_says):
    apt_says(TARGETS, OS)
    assert list(debian_odoo.sources()) == [
        "deb [signed-by=/k.gpg] http://m.example/debian/ unstable main",
        "deb [signed-by=/keys/debian] https://other.example/tool/ unstable main",
    ]


def test_ubuntu_keeps_odoo_in_universe(apt_says):
    row = "Packages|noble|main|$(SIGNED_BY)|http://m.example/ubuntu/"
    apt_says(row, {"ID": "mint", "ID_LIKE": "ubuntu debian"})
    assert list(debian_odoo.sources()) == [
        "deb [signed-by=/keys/ubuntu] http://m.example/ubuntu/ devel main universe"
    ]


def test_another_system_has_no_mirror(apt_says):
    apt_says(TARGETS, {"ID": "alpine"})
    assert list(debian_odoo.sources()) == []


def test_without_apt(programs, tmp_path):
    programs.only()
    with pytest.raises(Problem, match="no Debian or Ubuntu"):
        debian_odoo.fetch("19.0", tmp_path / "19.0")


def test_without_room(monkeypatch, programs, tmp_path):
    programs("apt-get", "exit 0")
    programs("dpkg-deb", "exit 0")
    monkeypatch.setattr(debian_odoo, "_NEEDED_MB", 10**12)
    with pytest.raises(Problem, match="MB free"):
        debian_odoo.fetch("19.0", tmp_path / "19.0")


APT_GET = r"""
case "$*" in
    *indextargets*) echo 'Packages|bookworm|main|/k.gpg|http://m.example/debian/' ;;
    *update*) exit ${UPDATE:-0} ;;
    *download*) while [ "$1" != download ]; do shift; done; shift
        for name in "$@"; do touch "$name.deb"; done ;;
esac
"""
APT_CACHE = r"""
for name in "$@"; do :; done
case "$name" in
    odoo-19) echo "Package: odoo-19"
        echo "Depends: python3, libjs-jquery (>= 3), fonts-a | fonts-b, postgresql" ;;
    fonts-a) echo "Package: fonts-a"; echo "Depends: fonts-c" ;;
    libjs-jquery) echo "Package: libjs-jquery" ;;
esac
"""
DPKG_DEB = r"""
case "$2" in
    */odoo-19.deb) mkdir -p "$3/usr/odoo/addons"
        echo "version_info = (19, 0, 0, '', 0, '')" > "$3/usr/odoo/release.py"
        ln -s ../share/a.ttf "$3/usr/odoo/a.ttf" ;;
    */fonts-c.deb) mkdir -p "$3/usr/share"; echo font > "$3/usr/share/a.ttf" ;;
esac
"""


@pytest.fixture
def debian(programs, monkeypatch):
    programs("apt-get", APT_GET)
    programs("apt-cache", APT_CACHE)
    programs("dpkg-deb", DPKG_DEB)
    monkeypatch.setattr(debian_odoo, "_os_release", lambda: OS)


def test_it_is_unpacked_with_what_it_links_to(debian, tmp_path):
    target = tmp_path / "odoo dir" / "19.0"
    target.parent.mkdir()
    debian_odoo.fetch("19.0", target)
    assert (target / "usr/odoo/a.ttf").read_text() == "font\n"
    assert list(target.parent.iterdir()) == [target]


def test_a_mirror_that_is_silent(debian, tmp_path, monkeypatch):
    monkeypatch.setenv("UPDATE", "100")
    with pytest.raises(Problem, match="cannot be reached"):
        debian_odoo.fetch("19.0", tmp_path / "19.0")
    assert not (tmp_path / "19.0").exists()


def test_a_suite_without_the_package(debian, tmp_path):
    with pytest.raises(Problem, match="has no odoo-18"):
        debian_odoo.fetch("18.0", tmp_path / "18.0")


def test_dangling_links_get_their_files(tmp_path):
    root = tmp_path / "root"
    (root / "usr/share").mkdir(parents=True)
    (root / "usr/share/jquery.js").write_text("js")
    (root / "lib").mkdir()
    (root / "lib/fine.js").symlink_to("../usr/share/jquery.js")
    (root / "lib/absolute.js").symlink_to("/usr/share/jquery.js")
    (root / "lib/nowhere.otf").symlink_to("../usr/share/no.otf")
    (root / "lib/outside").symlink_to("../../../../no/such/file")
    (root / "lib/circle").symlink_to("circle")
    dropped = debian_odoo.make_whole(root)
    assert sorted(link.name for link in dropped) == ["circle", "nowhere.otf", "outside"]
    assert (root / "lib/absolute.js").read_text() == "js"
    assert not [path for path in root.rglob("*") if not path.exists()]


def test_libraries_that_were_left_out_get_a_stand_in(tmp_path):
    addons = make_package(tmp_path, "19.0") / "addons"
    (addons / "mail/static/lib").mkdir(parents=True)
    (addons / "mail/static/lib/here.js").write_text("js")
    (addons / "mail/__manifest__.py").write_text(
        "{'assets': {'web.assets_backend': ["
        "'mail/static/lib/here.js', ('after', 'x', '/mail/static/lib/a/gone.js'),"
        "'mail/static/lib/**/*', 'mail/static/src/gone.js']}}"
    )
    made = debian_odoo.stand_in(addons)
    assert made == [addons / "mail/static/lib/a/gone.js"]
    assert (addons / "mail/static/lib/here.js").read_text() == "js"
