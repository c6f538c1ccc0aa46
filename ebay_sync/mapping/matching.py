"""Which product is it that a listing sells? Evidence, a score, and one decision.

Equal identifiers (SKU, barcode) are strong evidence, titles are weak. A product is
chosen only where the strong evidence names exactly one; everything else is a
suggestion with its reasons, for a person to decide.
"""

from __future__ import annotations

import heapq
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SKU = "sku"
BARCODE = "barcode"
SKU_BARCODE = "sku_barcode"
TITLE = "title"
# Not rules, but remarks on a suggestion.
SKU_CASE = "sku_case"
WORDS = "words"
VARIATION = "variation"

SCORES = {SKU: 100, BARCODE: 98, SKU_BARCODE: 96, SKU_CASE: 94, TITLE: 85}
BEST_BY_WORDS = 80
VARIATION_FITS = 8
VARIATION_DIFFERS = -15
LEAST_SCORE = 45
MOST_SUGGESTIONS = 3

_RAREST_WORDS = 4
_LONGEST_POSTING = 300
_COMPARED = 8
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listing that looks for its product.

    ``values`` are its variation's. ``by_hand``: a person refused what was chosen, so
    nothing is chosen any more, only suggested.
    """

    key: int
    sku: str = ""
    barcode: str = ""
    title: str = ""
    values: frozenset[str] = frozenset()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A product that may be the one. ``values`` are its attribute values."""

    key: int
    code: str = ""
    barcode: str = ""
    name: str = ""
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of evidence; ``automatic``: a single match of its kind is enough."""

    evidence: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product that it may be, how likely (to 100), and why."""

    product: int
    score: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a listing's evidence says.

    ``product`` is None where a person has to choose; ``conflict`` says that strong
    evidence names different products.
    """

    product: int | None = None
    method: str = ""
    score: int = 0
    conflict: bool = False
    suggestions: tuple[Suggestion, ...] = ()


def words(text: str) -> frozenset[str]:
    """The words of a title without case and accents; single letters do not count."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(
        word for word in _WORD.findall(plain) if len(word) > 1 or word.isdigit()
    )


def values_of(texts: Iterable[str]) -> frozenset[str]:
    """Values of aspects or attributes, made comparable."""
    return frozenset(" ".join(text.casefold().split()) for text in texts if text)


@dataclass
class _Index:
    """Products by each kind of identifier."""

    by_code: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_folded: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_barcode: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class Matcher:
    """Decides for one listing after the other, among one set of products."""

    def __init__(
        self,
        products: Iterable[Product],
        rules: Sequence[Rule],
        by_title: bool = True,
    ) -> None:
        self.rules = rules
        self.products = {product.key: product for product in products}
        self._index = _Index()
        for product in self.products.values():
            if product.code.strip():
                self._index.by_code[product.code.strip()].append(product.key)
                self._index.by_folded[_folded(product.code)].append(product.key)
            if product.barcode.strip():
                self._index.by_barcode[_padded(product.barcode)].append(product.key)
        titled = by_title and any(rule.evidence == TITLE for rule in rules)
        self._titles = _Titles(self.products.values()) if titled else None

    def decide(self, wanted: Wanted) -> Decision:
        """Weigh everything that is known of a listing."""
        found = {
            rule.evidence: self._equal(rule.evidence, wanted) for rule in self.rules
        }
        chosen, conflict = self._choose(found)
        if chosen and not conflict and not wanted.by_hand:
            product, method = chosen
            return Decision(product, method, SCORES[method])
        return Decision(conflict=conflict, suggestions=self._suggest(wanted, found))

    def _equal(self, evidence: str, wanted: Wanted) -> list[int]:
        """The products that are equal in this respect."""
        if evidence == SKU and wanted.sku.strip():
            return self._index.by_code.get(wanted.sku.strip(), [])
        if evidence == BARCODE and wanted.barcode.strip():
            return self._index.by_barcode.get(_padded(wanted.barcode), [])
        if evidence == SKU_BARCODE and wanted.sku.strip():
            return self._index.by_barcode.get(_padded(wanted.sku), [])
        if evidence == TITLE and wanted.title and self._titles:
            return self._fitting(wanted, self._titles.equal(wanted.title))
        return []

    def _fitting(self, wanted: Wanted, keys: list[int]) -> list[int]:
        """Of several variants with one name, those that fit the variation."""
        if not wanted.values or len(keys) < 2:
            return keys
        return [key for key in keys if wanted.values <= self.products[key].values]

    def _choose(
        self, found: dict[str, list[int]]
    ) -> tuple[tuple[int, str] | None, bool]:
        """The first rule with exactly one product; and whether others disagree."""
        strong = {
            evidence: set(keys)
            for evidence, keys in found.items()
            if keys and evidence != TITLE
        }
        chosen = next(
            (
                (found[rule.evidence][0], rule.evidence)
                for rule in self.rules
                if rule.automatic and len(found[rule.evidence]) == 1
            ),
            None,
        )
        if chosen:
            return chosen, any(chosen[0] not in keys for keys in strong.values())
        common = set.intersection(*strong.values()) if strong else set()
        return None, len(strong) > 1 and not common

    def _suggest(
        self, wanted: Wanted, found: dict[str, list[int]]
    ) -> tuple[Suggestion, ...]:
        evidence: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for name, keys in found.items():
            for key in keys:
                evidence[key].append((name, SCORES[name]))
        if wanted.sku.strip() and not found.get(SKU):
            for key in self._index.by_folded.get(_folded(wanted.sku), []):
                evidence[key].append((SKU_CASE, SCORES[SKU_CASE]))
        if self._titles and wanted.title:
            for key, score in self._titles.similar(wanted.title):
                evidence[key].append((WORDS, score))
        ranked = sorted(
            (self._weighed(wanted, key, reasons) for key, reasons in evidence.items()),
            key=lambda one: (-one.score, one.product),
        )
        likely = [one for one in ranked if one.score >= LEAST_SCORE]
        return tuple(likely[:MOST_SUGGESTIONS])

    def _weighed(
        self, wanted: Wanted, key: int, reasons: list[tuple[str, int]]
    ) -> Suggestion:
        score = max(points for _name, points in reasons)
        names = [name for name, _points in reasons]
        if TITLE in names and WORDS in names:
            names.remove(WORDS)
        own = self.products[key].values
        if wanted.values and own:
            fits = bool(wanted.values & own)
            score += VARIATION_FITS if fits else VARIATION_DIFFERS
            names += [VARIATION] if fits else []
        return Suggestion(key, min(score, 100), tuple(names))


class _Titles:
    """Products by their names: equal ones, and those that share rare words."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._words: dict[int, frozenset[str]] = {}
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._equal: dict[frozenset[str], list[int]] = defaultdict(list)
        for product in products:
            own = words(product.name)
            self._words[product.key] = own
            self._equal[own].append(product.key)
            for word in own:
                self._postings[word].append(product.key)
        count = max(len(self._words), 1)
        self._weight = {
            word: math.log(1 + count / len(keys))
            for word, keys in self._postings.items()
        }
        self._unknown = math.log(1 + count)
        self._whole = {key: self._sum(own) for key, own in self._words.items()}

    def equal(self, title: str) -> list[int]:
        """Products whose name has exactly these words."""
        own = words(title)
        return self._equal.get(own, []) if own else []

    def similar(self, title: str) -> list[tuple[int, int]]:
        """Products that share words with a title, with their scores."""
        own = words(title)
        known = sorted(
            (word for word in own if word in self._postings),
            key=lambda word: len(self._postings[word]),
        )
        shared: Counter[int] = Counter()
        for word in known[:_RAREST_WORDS]:
            shared.update(self._postings[word][:_LONGEST_POSTING])
        likely = heapq.nlargest(_COMPARED, shared, key=shared.__getitem__)
        whole = self._sum(own)
        return [(key, self._score(own, whole, key)) for key in likely]

    def _score(self, own: frozenset[str], whole: float, key: int) -> int:
        """Twice the shared weight by the weight of both (Dice)."""
        common = self._sum(own & self._words[key])
        return round(BEST_BY_WORDS * 2 * common / (whole + self._whole[key]))

    def _sum(self, some: frozenset[str]) -> float:
        return sum(self._weight.get(word, self._unknown) for word in some)


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _padded(code: str) -> str:
    """UPC and EAN of one article are the same number with or without leading zeros."""
    code = code.strip()
    return code.zfill(14) if code.isascii() and code.isdigit() else code
