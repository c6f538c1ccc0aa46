"""The item specifics of a category, in the words of its marketplace."""

from __future__ import annotations

from ..reference.product_families import FAMILIES, AspectSpec, word
from .category_tree import Node


def specs(leaf: Node) -> tuple[AspectSpec, ...]:
    """The aspects of a leaf."""
    return FAMILIES[leaf.family or "misc"].aspects


def required_names(leaf: Node, language: str) -> list[str]:
    """The aspects without which eBay publishes nothing here."""
    return [word(one.name, language) for one in specs(leaf) if one.required]


def variation_names(leaf: Node, language: str) -> list[str]:
    """The aspects by which a listing here may vary."""
    return [word(one.name, language) for one in specs(leaf) if one.varies]
