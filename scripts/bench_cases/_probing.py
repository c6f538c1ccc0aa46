"""Code that runs inside Odoo: the files in ``probes/``, with values put before them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..tooling.servers import OdooServer

_PROBES = Path(__file__).with_name("probes")


def probe(server: OdooServer, name: str, **given: Any) -> dict[str, Any]:
    """Run a probe in ``odoo-bin shell``; what its last line tells."""
    code = (_PROBES / f"{name}.py").read_text(encoding="utf-8")
    values = "\n".join(f"{key} = {value!r}" for key, value in given.items())
    told = server.shell(f"{values}\n{code}", seconds=3600)
    return json.loads(told.splitlines()[-1])
