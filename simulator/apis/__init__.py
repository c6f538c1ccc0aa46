"""One module per eBay API; each exports ``API``, an :class:`simulator.calls.Api`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..calls import Api


def all_apis() -> list[Api]:
    """Every API found in this package, by module name."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [module.API for module in modules if hasattr(module, "API")]
