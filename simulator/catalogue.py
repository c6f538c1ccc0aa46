"""A seller's catalogue: any number of listings, the same ones for the same seed.

Each listing is made from the seed and its own number alone, so the first hundred of a
catalogue of 25,000 are exactly the catalogue of one hundred. The mixture holds what
makes real accounts hard: listings made through the Inventory API and older ones made
elsewhere, variations (one listing with 250), listings without a SKU, two listings with
the same SKU, ended ones, unpublished offers, stock at zero, categories of any depth.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .reference.categories import CATEGORY_ROWS
from .reference.marketplaces import MARKETPLACES, Marketplace
from .reference.product_families import FAMILIES, AspectSpec, Family, word

INVENTORY = "inventory"
TRADING = "trading"
DEFAULT_MARKETPLACES = ("EBAY_DE", "EBAY_PL", "EBAY_GB")
MAX_TITLE = 80

# What a euro costs, in hundredths of the marketplace's currency.
_RATES = {"EUR": 100, "PLN": 430, "GBP": 86, "USD": 108, "CHF": 95, "CAD": 148}
# GS1 prefixes: Germany, Poland, United Kingdom.
_EAN_PREFIXES = {"de": "40", "pl": "59", "en": "50"}
_LEAVES = tuple(row for row in CATEGORY_ROWS if row.family)


@dataclass(frozen=True)
class CatalogueUnit:
    """One thing a buyer can choose: a whole listing, or one of its variations."""

    sku: str | None
    ean: str
    price: Decimal
    quantity: int
    sold: int
    aspects: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CatalogueListing:
    """One listing. ``units`` has one entry, or one per variation."""

    number: int
    seed: int
    model: str
    marketplace: Marketplace
    category_id: str
    title: str
    description: str
    brand: str
    mpn: str
    condition: str
    weight_grams: int
    image_urls: tuple[str, ...]
    aspects: dict[str, list[str]]
    units: tuple[CatalogueUnit, ...]
    age_days: int
    published: bool = True
    ended: bool = False

    @property
    def group_key(self) -> str | None:
        """The inventory item group of an Inventory listing with variations."""
        varies = bool(self.units[0].aspects)
        return f"GRP-{self.seed}-{self.number:06d}" if varies else None


def ean13(body: str) -> str:
    """``body`` (12 digits) with its GS1 check digit appended."""
    if len(body) != 12 or not body.isdigit():
        raise ValueError(f"an EAN-13 body has 12 digits, not {body!r}")
    total = sum(
        int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)
    )
    return body + str(-total % 10)


def generate(
    count: int,
    seed: int = 1,
    marketplaces: Sequence[str] = DEFAULT_MARKETPLACES,
    inventory_share: float = 0.6,
) -> Iterator[CatalogueListing]:
    """Yield ``count`` listings.

    ``inventory_share`` is the part made through the Inventory API, from 0 to 1; the
    rest are older listings that only Trading and Feed see.
    """
    places = [MARKETPLACES[name] for name in marketplaces]
    for number in range(count):
        yield _listing(number, seed, places[number % len(places)], inventory_share)


def _listing(
    number: int, seed: int, place: Marketplace, inventory_share: float
) -> CatalogueListing:
    dice = random.Random(f"{seed}/{number}")
    # Of every ten numbers the first few are Inventory: the share holds from ten on.
    model = INVENTORY if number % 10 < round(inventory_share * 10) else TRADING
    giant = number == 9
    leaf = (
        next(row for row in _LEAVES if row.family == "tshirt")
        if giant
        else dice.choice(_LEAVES)
    )
    family = FAMILIES[leaf.family]
    language = place.language
    brand = dice.choice(family.brands)
    mpn = f"{brand[:2].upper()}{dice.randrange(1000, 99999)}"
    combinations = _combinations(number, language, family, giant, dice)
    noun = word(dice.choice(family.nouns), language)
    feature = word(dice.choice(family.features), language)
    title = f"{brand} {noun} {feature} {mpn}"[:MAX_TITLE].rstrip()
    return CatalogueListing(
        number=number,
        seed=seed,
        model=model,
        marketplace=place,
        category_id=leaf.id,
        title=title,
        description=_description(title, feature, language),
        brand=brand,
        mpn=mpn,
        condition="USED_GOOD" if family.used and dice.random() < 0.5 else "NEW",
        weight_grams=family.weight_grams,
        image_urls=tuple(
            f"https://i.ebayimg.com/00/s/sim/{seed}-{number}-{picture}.JPG"
            for picture in range(dice.randint(1, 4))
        ),
        aspects=_aspects(family, brand, mpn, title, language, combinations[0], dice),
        units=tuple(
            _units(number, seed, place, model, family.price, combinations, dice)
        ),
        age_days=dice.randrange(1, 700),
        published=not (model == INVENTORY and number % 40 == 34),
        ended=model == TRADING and number % 50 == 46,
    )


def _description(title: str, feature: str, language: str) -> str:
    intro = {
        "de": "Neuware vom Fachhändler. Versand innerhalb von zwei Werktagen.",
        "pl": "Nowy towar ze sklepu. Wysyłka w ciągu dwóch dni roboczych.",
    }.get(language, "From a specialist shop. Dispatched within two working days.")
    return f"<p><b>{title}</b></p><p>{feature}. {intro}</p>"


def _aspects(
    family: Family,
    brand: str,
    mpn: str,
    title: str,
    language: str,
    varying: dict[str, str],
    dice: random.Random,
) -> dict[str, list[str]]:
    """The item specifics that do not vary, required ones always among them."""
    found: dict[str, list[str]] = {}
    for aspect in family.aspects:
        name = word(aspect.name, language)
        english = aspect.name[0]
        if name in varying:
            continue
        if english == "Brand":
            found[name] = [brand]
        elif english == "Manufacturer Part Number":
            found[name] = [mpn]
        elif aspect.values:
            found[name] = [word(dice.choice(aspect.values), language)]
        elif aspect.data_type == "NUMBER":
            found[name] = [str(dice.randrange(20, 900))]
        else:
            found[name] = [title[:50]]
    return found


def _units(
    number: int,
    seed: int,
    place: Marketplace,
    model: str,
    price: tuple[int, int],
    combinations: list[dict[str, str]],
    dice: random.Random,
) -> Iterator[CatalogueUnit]:
    """The sellable things of one listing, with SKU, EAN, price and stock."""
    cents = dice.randint(*price) * _RATES.get(place.currency, 100) // 100
    body = f"{_EAN_PREFIXES.get(place.language, '20')}{seed % 10}"
    for position, chosen in enumerate(combinations):
        yield CatalogueUnit(
            sku=_sku(number, position if chosen else None, model, seed),
            ean=ean13(f"{body}{number * 256 + position:09d}"),
            price=Decimal(cents + 50 * position) / 100,
            quantity=0 if dice.random() < 0.06 else dice.randint(1, 60),
            sold=dice.choice((0, 0, 1, 3, 12)) if model == TRADING else 0,
            aspects=chosen,
        )


def _combinations(
    number: int, language: str, family: Family, giant: bool, dice: random.Random
) -> list[dict[str, str]]:
    """The variation aspects of each unit; ``[{}]`` for a listing without."""
    axes = family.variation_aspects[:2]
    if not axes or not (giant or number % 7 == 3):
        return [{}]
    values = [_axis(axis, language, giant, dice) for axis in axes]
    names = [word(axis.name, language) for axis in axes]
    return [
        dict(zip(names, combination, strict=True))
        for combination in itertools.product(*values)
    ]


def _axis(
    axis: AspectSpec, language: str, giant: bool, dice: random.Random
) -> list[str]:
    values = axis.values if giant else axis.values[: dice.randint(2, 4)]
    return [word(value, language) for value in values]


def _sku(number: int, position: int | None, model: str, seed: int) -> str | None:
    """The SKU; None and repeated ones only among listings made outside Inventory."""
    if model == INVENTORY:
        base = f"INV-{seed}-{number:06d}"
    elif number % 20 == 8 and position is None:
        return None
    elif number % 20 == 16 and position is None:
        base = f"OLD-{seed}-{number - 10:06d}"  # the SKU of the one ten before
    else:
        base = f"OLD-{seed}-{number:06d}"
    return base if position is None else f"{base}-{position + 1:03d}"
