"""Which product is it that a listing sells? Evidence, a score, and one decision.

Equal identifiers (SKU, barcode) are strong evidence, titles are weak. A product is
chosen only where the strong evidence names exactly one; everything else is a
suggestion with its reasons, for a person to decide.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

SKU = "sku"
BARCODE = "barcode"
SKU_BARCODE = "sku_barcode"
TITLE = "title"
# Not rules, but remarks on a suggestion.
SKU_CASE = "sku_case"
WORDS = "words"
VARIATION = "variation"
SPECIFICS = "specifics"

SCORES = {
    SKU: 100,
    BARCODE: 98,
    SKU_BARCODE: 96,
    SKU_CASE: 94,
    SPECIFICS: 88,
    TITLE: 85,
}
BEST_BY_WORDS = 80
VARIATION_FITS = 8
VARIATION_DIFFERS = -15
LEAST_SCORE = 45
MOST_SUGGESTIONS = 3

_RAREST_WORDS = 4
_LONGEST_POSTING = 300
_COMPARED = 8
# Shorter values are sizes and the like, not a maker's number.
_SHORTEST_NUMBER = 4
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listing that looks for its product.

    ``values`` are its variation's, ``specifics`` those of its item specifics.
    ``by_hand``: a person refused what was chosen, so nothing is chosen, only
    suggested.
    """

    key: int
    sku: str = ""
    barcode: str = ""
    title: str = ""
    values: frozenset[str] = frozenset()
    by_hand: bool = False
    specifics: frozenset[str] = frozenset()


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


@lru_cache(maxsize=1)  # a title is looked at twice in a row
def words(text: str) -> frozenset[str]:
    """The words of a title without case and accents; single letters do not count."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(
        word for word in _WORD.findall(plain) if len(word) > 1 or word.isdigit()
    )


def values_of(texts: Iterable[str]) -> frozenset[str]:
    """Values of aspects or attributes, made comparable."""
    return frozenset(" ".join(text.casefold().split()) for text in texts if text)


class _Keys:
    """Products by one kind of identifier. Most name one: no list is kept for those."""

    def __init__(self) -> None:
        self._found: dict[Hashable, int | list[int]] = {}

    def add(self, name: Hashable, key: int) -> None:
        other = self._found.setdefault(name, key)
        if isinstance(other, list):
            other.append(key)
        elif other != key:
            self._found[name] = [other, key]

    def get(self, name: Hashable) -> list[int]:
        found = self._found.get(name, [])
        return found if isinstance(found, list) else [found]


class Matcher:
    """Decides for one listing after the other, among one set of products.

    The products are looked at once and not kept, because there may be very many.
    """

    def __init__(
        self,
        products: Iterable[Product],
        rules: Sequence[Rule],
        by_title: bool = True,
    ) -> None:
        self.rules = rules
        self._by_code, self._by_folded, self._by_barcode = _Keys(), _Keys(), _Keys()
        self._values: dict[int, frozenset[str]] = {}
        titled = by_title and any(rule.evidence == TITLE for rule in rules)
        self._titles = _Titles() if titled else None
        known: dict[frozenset[str], frozenset[str]] = {}
        for product in products:
            if code := product.code.strip():
                self._by_code.add(code, product.key)
                self._by_folded.add(_folded(code), product.key)
            if product.barcode.strip():
                self._by_barcode.add(_padded(product.barcode), product.key)
            if product.values:
                self._values[product.key] = known.setdefault(
                    product.values, product.values
                )
            if self._titles:
                self._titles.add(product.key, product.name)

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
            return self._by_code.get(wanted.sku.strip())
        if evidence == BARCODE and wanted.barcode.strip():
            return self._by_barcode.get(_padded(wanted.barcode))
        if evidence == SKU_BARCODE and wanted.sku.strip():
            return self._by_barcode.get(_padded(wanted.sku))
        if evidence == TITLE and wanted.title and self._titles:
            return self._fitting(wanted, self._titles.equal(wanted.title))
        return []

    def _fitting(self, wanted: Wanted, keys: list[int]) -> list[int]:
        """Of several variants with one name, those that fit the variation."""
        if not wanted.values or len(keys) < 2:
            return keys
        none: frozenset[str] = frozenset()
        return [key for key in keys if wanted.values <= self._values.get(key, none)]

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
            for key in self._by_folded.get(_folded(wanted.sku)):
                evidence[key].append((SKU_CASE, SCORES[SKU_CASE]))
        for value in wanted.specifics:  # the maker's number is one of them
            if len(value) >= _SHORTEST_NUMBER:
                for key in self._by_folded.get(_folded(value)):
                    evidence[key].append((SPECIFICS, SCORES[SPECIFICS]))
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
        own = self._values.get(key)
        if wanted.values and own:
            fits = bool(wanted.values & own)
            score += VARIATION_FITS if fits else VARIATION_DIFFERS
            names += [VARIATION] if fits else []
        elif own and own <= wanted.specifics:
            score += VARIATION_FITS
            names += [SPECIFICS]
        return Suggestion(key, min(score, 100), tuple(dict.fromkeys(names)))


class _Titles:
    """Products by their names: equal ones, and those that share rare words.

    Kept as numbers (of words, of places in the row of products), which takes a
    hundred bytes a product.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._products = array("Q")
        self._words = array("I")
        self._starts = array("I", [0])
        self._counts = array("I")
        self._postings: list[array[int]] = []
        self._equal = _Keys()

    def add(self, key: int, name: str) -> None:
        """One more product of that name."""
        place = len(self._products)
        numbers = sorted(self._number(word) for word in words(name))
        for number in numbers:
            self._counts[number] += 1
            if self._counts[number] <= _LONGEST_POSTING:
                self._postings[number].append(place)
        self._words.extend(numbers)
        self._starts.append(len(self._words))
        self._products.append(key)
        self._equal.add(hash(tuple(numbers)), place)

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        if number == len(self._counts):
            self._counts.append(0)
            self._postings.append(array("I"))
        return number

    def equal(self, title: str) -> list[int]:
        """Products whose name has exactly these words."""
        own = words(title)
        numbers = sorted(self._known(own))
        if not own or len(numbers) < len(own):
            return []
        places = self._equal.get(hash(tuple(numbers)))
        return [self._products[p] for p in places if self._of(p) == numbers]

    def similar(self, title: str) -> list[tuple[int, int]]:
        """Products that share words with a title, with their scores."""
        own = words(title)
        known = sorted(self._known(own), key=lambda one: (self._counts[one], one))
        shared: Counter[int] = Counter()
        for number in known[:_RAREST_WORDS]:
            shared.update(self._postings[number])
        likely = sorted(shared, key=shared.__getitem__, reverse=True)[:_COMPARED]
        unknown = (len(own) - len(known)) * math.log(1 + len(self._products))
        whole = sum(map(self._weight, known)) + unknown
        among = frozenset(known)
        return [(self._products[p], self._score(among, whole, p)) for p in likely]

    def _known(self, some: Iterable[str]) -> list[int]:
        return [self._numbers[word] for word in some if word in self._numbers]

    def _of(self, place: int) -> list[int]:
        return self._words[self._starts[place] : self._starts[place + 1]].tolist()

    def _score(self, own: frozenset[int], whole: float, place: int) -> int:
        """Twice the shared weight by the weight of both (Dice)."""
        theirs = self._of(place)
        other = sum(map(self._weight, theirs))
        common = sum(self._weight(number) for number in theirs if number in own)
        return round(BEST_BY_WORDS * 2 * common / (whole + other))

    def _weight(self, number: int) -> float:
        """Rare words say more."""
        return math.log(1 + len(self._products) / self._counts[number])


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _padded(code: str) -> str:
    """UPC and EAN of one article are the same number with or without leading zeros."""
    code = code.strip()
    return code.zfill(14) if code.isascii() and code.isdigit() else code
