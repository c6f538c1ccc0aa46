"""The categories every simulated tree starts with: leaves at level 1 to 6.

A row is (category id, parent id or "", English, German, Polish, product family).
Only leaves name a product family (``product_families.py``); it decides their aspects
and conditions. Marketplaces of other languages show the English names. The ids are
plain numbers as at eBay; the trees of different marketplaces share them.
"""

from __future__ import annotations

from typing import NamedTuple


class CategoryRow(NamedTuple):
    """One category with its name per language."""

    id: str
    parent: str
    en: str
    de: str
    pl: str
    family: str = ""

    def name(self, language: str) -> str:
        """The name in ``language`` (``de``, ``pl``), else in English."""
        return {"de": self.de, "pl": self.pl}.get(language, self.en)


_ROWS: tuple[tuple[str, ...], ...] = (
    ("99", "", "Everything Else", "Verschiedenes", "Pozostałe", "misc"),
    (
        "267",
        "",
        "Books, Comics & Magazines",
        "Bücher & Zeitschriften",
        "Książki i komiksy",
    ),
    ("261186", "267", "Books", "Bücher", "Książki", "book"),
    ("11700", "", "Home & Garden", "Möbel & Wohnen", "Dom i Ogród"),
    (
        "11715",
        "11700",
        "Candles & Home Fragrance",
        "Kerzen & Raumdüfte",
        "Świece i zapachy do domu",
        "candle",
    ),
    ("20444", "11700", "Bedding", "Bettwaren & Bettwäsche", "Pościel"),
    (
        "37644",
        "20444",
        "Bed Linens & Sets",
        "Bettwäschegarnituren",
        "Komplety pościeli",
        "bedding",
    ),
    (
        "20625",
        "11700",
        "Kitchen, Dining & Bar",
        "Kochen & Genießen",
        "Kuchnia i jadalnia",
    ),
    ("20635", "20625", "Mugs & Cups", "Becher & Tassen", "Kubki i filiżanki", "mug"),
    ("220", "", "Toys & Games", "Spielzeug", "Zabawki"),
    (
        "18991",
        "220",
        "Construction & Building Toys",
        "Baukästen & Konstruktion",
        "Klocki i konstrukcje",
    ),
    (
        "19006",
        "18991",
        "Building Sets & Packs",
        "Bausätze & Baukästen",
        "Zestawy klocków",
        "toy",
    ),
    (
        "11450",
        "",
        "Clothes, Shoes & Accessories",
        "Kleidung & Accessoires",
        "Odzież, buty i dodatki",
    ),
    ("260012", "11450", "Men", "Herren", "Mężczyźni"),
    ("1059", "260012", "Men's Clothing", "Herrenmode", "Odzież męska"),
    ("15687", "1059", "T-Shirts", "T-Shirts", "Koszulki", "tshirt"),
    (
        "57988",
        "1059",
        "Jackets & Coats",
        "Jacken & Mäntel",
        "Kurtki i płaszcze",
        "jacket",
    ),
    (
        "15032",
        "",
        "Mobile Phones & Communication",
        "Handys & Kommunikation",
        "Telefony i komunikacja",
    ),
    (
        "9394",
        "15032",
        "Mobile Phone Accessories",
        "Handy-Zubehör",
        "Akcesoria do telefonów",
    ),
    (
        "20349",
        "9394",
        "Cases, Covers & Skins",
        "Taschen & Schutzhüllen",
        "Etui i pokrowce",
        "phone_case",
    ),
    ("123417", "9394", "Cables & Adapters", "Kabel & Adapter", "Kable i adaptery"),
    ("182094", "123417", "USB Cables", "USB-Kabel", "Kable USB", "cable"),
    (
        "12576",
        "",
        "Business, Office & Industrial",
        "Business & Industrie",
        "Biznes i przemysł",
    ),
    (
        "92074",
        "12576",
        "Electrical Equipment & Supplies",
        "Elektronik & Messtechnik",
        "Elektryka i materiały",
    ),
    ("42572", "92074", "Lighting & Lightbulbs", "Beleuchtung", "Oświetlenie"),
    ("20706", "42572", "Light Bulbs", "Leuchtmittel", "Źródła światła"),
    ("116880", "20706", "LED Bulbs", "LED-Lampen", "Żarówki LED", "bulb"),
    ("631", "11700", "DIY & Tools", "Heimwerker", "Majsterkowanie i narzędzia"),
    ("122827", "631", "Power Tools", "Elektrowerkzeuge", "Elektronarzędzia"),
    (
        "122831",
        "122827",
        "Drills & Accessories",
        "Bohrer & Zubehör",
        "Wiertarki i akcesoria",
    ),
    ("184655", "122831", "Drill Bits", "Bohreraufsätze", "Wiertła", "drill"),
    (
        "131090",
        "",
        "Vehicle Parts & Accessories",
        "Auto & Motorrad: Teile",
        "Części i akcesoria motoryzacyjne",
    ),
    (
        "6030",
        "131090",
        "Car Parts & Accessories",
        "Autoteile & Zubehör",
        "Części do samochodów",
    ),
    (
        "33559",
        "6030",
        "Brakes & Brake Parts",
        "Bremsen & Bremsenteile",
        "Układ hamulcowy",
    ),
    ("33564", "33559", "Disc Brakes", "Scheibenbremsen", "Hamulce tarczowe"),
    ("174028", "33564", "Brake Pads & Shoes", "Bremsbeläge", "Klocki i szczęki"),
    (
        "262101",
        "174028",
        "Front Brake Pads",
        "Bremsbeläge vorne",
        "Klocki hamulcowe przednie",
        "brake_pads",
    ),
)

CATEGORY_ROWS: tuple[CategoryRow, ...] = tuple(CategoryRow(*row) for row in _ROWS)
