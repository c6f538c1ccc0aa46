"""The language that a buyer most likely reads; eBay tells only of a country."""

from __future__ import annotations

from collections.abc import Iterable


def language_of(
    country: str | None, spoken: Iterable[str], installed: Iterable[str], own: str
) -> str:
    """Choose one of the ``installed`` languages (``de_DE``) for a country (``AT``).

    ``spoken`` are the country's official languages (``de``), the first one first. In a
    country of several languages ``own``, the company's, is taken if it is one of them.
    Where none of the country's languages is installed it is ``own`` too.
    """
    bases = [_base(language) for language in spoken]
    if _base(own) in bases:
        bases.insert(0, _base(own))
    ranked = [
        (
            bases.index(_base(code)),
            code != f"{_base(code)}_{country}",
            code != own,
            code,
        )
        for code in installed
        if _base(code) in bases
    ]
    return min(ranked)[-1] if ranked else own


def _base(language: str) -> str:
    """``de`` of ``de_DE``, ``sr`` of ``sr@latin``."""
    return language.replace("@", "_").partition("_")[0]
