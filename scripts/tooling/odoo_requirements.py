"""What each Odoo series needs from PyPI, as one environment per content."""

from __future__ import annotations

import re

from .odoo_home import OdooTree
from .paths import CHECKOUT
from .venvs import Recipe

# Odoo pins these to versions that need a compiler, or C libraries, to install.
_REPLACED = {
    "cbor2": "cbor2==5.6.2",
    "python-ldap": None,  # only auth_ldap needs it
    "pypiwin32": None,
    "rl-renderpm": None,
}
# Pins without a wheel on the Python they are for: the next version that has one.
_WITH_WHEEL = {
    "gevent==21.8.0": "gevent==21.12.0",  # 3.10
    "lxml==5.2.1": "lxml==5.3.0",  # 3.13
    "MarkupSafe==2.1.5": "MarkupSafe==3.0.2",  # 3.13
}
# A packaged Odoo names no versions. These fit 18.0 and 19.0.
_UNPINNED = """
asn1crypto
Babel
cbor2
chardet
cryptography
decorator
docutils
freezegun
geoip2
gevent
greenlet
Jinja2
libsass
lxml
lxml-html-clean
MarkupSafe
num2words
ofxparse
openpyxl
passlib
Pillow
polib
psutil
psycopg2-binary
pyOpenSSL
pypdf
PyPDF2>=2,<3
pyserial
python-dateutil
python-stdnum
pytz
pyusb
qrcode
reportlab<4.2
requests
rjsmin
urllib3
vobject
Werkzeug>=3.0,<3.1
xlrd
XlsxWriter
xlwt
zeep
""".split()
_TEST_TOOLS = ["pytest", "pytest-odoo", "responses", "hypothesis", "websocket-client"]
# Some pinned packages have no wheel and want the setuptools of their time; older
# ones do not find gevent's zope.interface, and then Odoo's process for live
# connections dies at once.
_BUILD_TOOLS = ["setuptools>=75.8.2,<81", "wheel"]


def recipe(tree: OdooTree) -> Recipe:
    """The environment that runs ``tree`` and its tests."""
    pinned = tree.requirements
    odoo = pins(pinned.read_text(encoding="utf-8")) if pinned else _UNPINNED
    return Recipe(
        name=f"odoo-{tree.series}",
        first=_BUILD_TOOLS,
        options=["--no-build-isolation"],
        requirements=[*odoo, *_TEST_TOOLS, *addon_requirements()],
    )


def pins(text: str) -> list[str]:
    """Odoo's requirements.txt ``text``, with what needs a compiler replaced."""
    lines = []
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", raw).strip()
        if not line:
            continue
        name = re.match(r"[A-Za-z0-9._-]+", line).group().lower()
        if name in _REPLACED:
            line = _REPLACED[name]
        elif name == "psycopg2":
            line = re.sub(r"^psycopg2\b", "psycopg2-binary", line)
        for pin, other in _WITH_WHEEL.items():
            line = line and line.replace(pin, other)
        if line and line not in lines:
            lines.append(line)
    return lines


def addon_requirements() -> list[str]:
    """The lines of the addon's own requirements.txt."""
    text = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]
