"""What the simulated sellers sell: words, prices and aspects of a dozen product kinds.

Everything language-dependent is a triple (English, German, Polish). A family decides
the titles of the catalogue's listings and the aspects (item specifics) that Taxonomy
reports for its category.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Words = tuple[str, str, str]
LANGUAGES = ("en", "de", "pl")


def word(words: Words, language: str) -> str:
    """The word in ``language``, in English where there is no translation."""
    return words[LANGUAGES.index(language) if language in LANGUAGES else 0]


@dataclass(frozen=True)
class AspectSpec:
    """One item specific of a category, as Taxonomy describes it."""

    name: Words
    values: tuple[Words, ...] = ()
    required: bool = False
    varies: bool = False
    selection_only: bool = False
    multi: bool = False
    data_type: str = "STRING"


@dataclass(frozen=True)
class Family:
    """One kind of product. Prices are in euro cents, lowest and highest."""

    nouns: tuple[Words, ...]
    features: tuple[Words, ...]
    brands: tuple[str, ...]
    price: tuple[int, int]
    weight_grams: int
    aspects: tuple[AspectSpec, ...] = field(default=())
    used: bool = False

    @property
    def variation_aspects(self) -> tuple[AspectSpec, ...]:
        """The aspects a listing with variations may vary by."""
        return tuple(aspect for aspect in self.aspects if aspect.varies)


def _same(*values: str) -> tuple[Words, ...]:
    return tuple((value, value, value) for value in values)


COLOURS: tuple[Words, ...] = (
    ("Black", "Schwarz", "Czarny"),
    ("White", "Weiß", "Biały"),
    ("Blue", "Blau", "Niebieski"),
    ("Red", "Rot", "Czerwony"),
    ("Green", "Grün", "Zielony"),
    ("Grey", "Grau", "Szary"),
    ("Yellow", "Gelb", "Żółty"),
    ("Orange", "Orange", "Pomarańczowy"),
    ("Purple", "Lila", "Fioletowy"),
    ("Brown", "Braun", "Brązowy"),
    ("Pink", "Rosa", "Różowy"),
    ("Beige", "Beige", "Beżowy"),
    ("Turquoise", "Türkis", "Turkusowy"),
    ("Navy", "Marineblau", "Granatowy"),
    ("Olive", "Oliv", "Oliwkowy"),
    ("Burgundy", "Bordeaux", "Bordowy"),
    ("Gold", "Gold", "Złoty"),
    ("Silver", "Silber", "Srebrny"),
    ("Mint", "Mint", "Miętowy"),
    ("Coral", "Koralle", "Koralowy"),
    ("Charcoal", "Anthrazit", "Grafitowy"),
    ("Cream", "Creme", "Kremowy"),
    ("Khaki", "Khaki", "Khaki"),
    ("Lavender", "Lavendel", "Lawendowy"),
    ("Mustard", "Senfgelb", "Musztardowy"),
)
BRAND = AspectSpec(("Brand", "Marke", "Marka"), required=True)
MPN = AspectSpec(
    ("Manufacturer Part Number", "Herstellernummer", "Numer katalogowy producenta")
)
COLOUR = AspectSpec(("Colour", "Farbe", "Kolor"), COLOURS, varies=True)
FABRIC = AspectSpec(
    ("Material", "Material", "Materiał"),
    (
        ("Cotton", "Baumwolle", "Bawełna"),
        ("Polyester", "Polyester", "Poliester"),
        ("Viscose", "Viskose", "Wiskoza"),
    ),
    multi=True,
)
MATERIAL = AspectSpec(
    ("Material", "Material", "Materiał"),
    (
        ("Ceramic", "Keramik", "Ceramika"),
        ("Plastic", "Kunststoff", "Tworzywo sztuczne"),
        ("Wood", "Holz", "Drewno"),
    ),
    multi=True,
)
SIZE = AspectSpec(
    ("Size", "Größe", "Rozmiar"),
    _same("XS", "S", "M", "L", "XL", "XXL", "3XL", "4XL", "5XL", "6XL"),
    required=True,
    varies=True,
    selection_only=True,
)
LENGTH = AspectSpec(
    ("Cable Length", "Kabellänge", "Długość kabla"),
    _same("0,5 m", "1 m", "1,5 m", "2 m", "3 m", "5 m"),
    varies=True,
)
WATTAGE = AspectSpec(
    ("Wattage", "Leistung", "Moc"),
    _same("3 W", "5 W", "7 W", "9 W", "12 W", "15 W"),
    varies=True,
)
DIAMETER = AspectSpec(
    ("Diameter", "Durchmesser", "Średnica"),
    _same("2 mm", "3 mm", "4 mm", "5 mm", "6 mm", "8 mm", "10 mm", "12 mm"),
    varies=True,
)
BED_SIZE = AspectSpec(
    ("Size", "Größe", "Rozmiar"),
    _same("135x200 cm", "155x220 cm", "160x200 cm", "200x220 cm"),
    required=True,
    varies=True,
)
SCENT = AspectSpec(
    ("Scent", "Duft", "Zapach"),
    (
        ("Vanilla", "Vanille", "Wanilia"),
        ("Rose", "Rose", "Róża"),
        ("Cinnamon", "Zimt", "Cynamon"),
        ("Sea Breeze", "Meeresbrise", "Bryza morska"),
    ),
    varies=True,
)
MODEL = AspectSpec(
    ("Compatible Model", "Kompatibles Modell", "Kompatybilny model"),
    _same("Nova 11", "Nova 12", "Nova 12 Pro", "Zenit S5", "Zenit S6", "Orbit 9"),
    required=True,
    varies=True,
    multi=True,
)
PIECES = AspectSpec(
    ("Number of Pieces", "Anzahl der Teile", "Liczba elementów"), data_type="NUMBER"
)
AUTHOR = AspectSpec(("Author", "Autor", "Autor"), required=True)
TITLE = AspectSpec(("Book Title", "Buchtitel", "Tytuł książki"), required=True)
FITTING = AspectSpec(
    ("Placement on Vehicle", "Einbauposition", "Umiejscowienie w pojeździe"),
    (("Front", "Vorderachse", "Przód"), ("Rear", "Hinterachse", "Tył")),
    required=True,
    selection_only=True,
)

FAMILIES: dict[str, Family] = {
    "tshirt": Family(
        (
            ("Men's T-Shirt", "Herren T-Shirt", "Koszulka męska"),
            ("Crew Neck Tee", "Rundhals Shirt", "T-shirt z okrągłym dekoltem"),
        ),
        (
            ("Organic Cotton", "Bio-Baumwolle", "bawełna organiczna"),
            ("Slim Fit", "Slim Fit", "dopasowany krój"),
            ("Pack of 3", "3er Pack", "zestaw 3 sztuki"),
        ),
        ("Nordvik", "Halmar", "Brook & Sons", "Tekstia"),
        (899, 2999),
        180,
        (BRAND, SIZE, COLOUR, FABRIC),
    ),
    "jacket": Family(
        (
            ("Men's Rain Jacket", "Herren Regenjacke", "Kurtka męska przeciwdeszczowa"),
            ("Softshell Jacket", "Softshelljacke", "Kurtka softshell"),
        ),
        (
            ("Waterproof", "wasserdicht", "wodoodporna"),
            ("with Hood", "mit Kapuze", "z kapturem"),
        ),
        ("Nordvik", "Altberg", "Tatrin"),
        (3999, 14999),
        700,
        (BRAND, SIZE, COLOUR, FABRIC),
    ),
    "phone_case": Family(
        (
            ("Phone Case", "Handyhülle", "Etui na telefon"),
            ("Flip Cover", "Klapphülle", "Etui z klapką"),
        ),
        (
            ("Shockproof", "stoßfest", "pancerne"),
            ("Transparent", "durchsichtig", "przezroczyste"),
            ("with Card Slot", "mit Kartenfach", "z kieszonką"),
        ),
        ("Caselia", "Protekt", "Markenlos"),
        (499, 2499),
        60,
        (BRAND, MODEL, COLOUR, MATERIAL),
    ),
    "cable": Family(
        (
            ("USB-C Charging Cable", "USB-C Ladekabel", "Kabel USB-C do ładowania"),
            ("Data Cable USB-A", "Datenkabel USB-A", "Kabel USB-A do transmisji"),
        ),
        (
            ("60W Fast Charge", "60W Schnellladen", "60W szybkie ładowanie"),
            ("Braided Nylon", "Nylon geflochten", "oplot nylonowy"),
        ),
        ("Kabelwerk", "Voltia", "Linkmax"),
        (399, 1999),
        50,
        (BRAND, LENGTH, COLOUR, MPN),
    ),
    "bulb": Family(
        (
            ("LED Bulb E27", "LED Lampe E27", "Żarówka LED E27"),
            ("LED Spot GU10", "LED Strahler GU10", "Żarówka LED GU10"),
        ),
        (
            ("Warm White", "warmweiß", "ciepła biel"),
            ("Dimmable", "dimmbar", "ściemnialna"),
            ("Pack of 10", "10er Set", "zestaw 10 szt."),
        ),
        ("Lumenta", "Helio", "Swiatlomax"),
        (199, 2499),
        90,
        (BRAND, WATTAGE, MPN),
    ),
    "drill": Family(
        (
            ("HSS Drill Bit", "HSS Spiralbohrer", "Wiertło HSS do metalu"),
            ("Masonry Drill Bit", "Steinbohrer", "Wiertło do betonu"),
        ),
        (
            ("Cobalt", "Kobalt", "kobaltowe"),
            ("Long", "lang", "długie"),
            ("DIN 338", "DIN 338", "DIN 338"),
        ),
        ("Bohrfix", "Stahlmann", "Toolex"),
        (149, 3999),
        120,
        (BRAND, DIAMETER, MPN),
    ),
    "brake_pads": Family(
        (
            (
                "Brake Pads Front Set",
                "Bremsbeläge Satz vorne",
                "Klocki hamulcowe przód",
            ),
            ("Brake Pad Kit", "Bremsklötze Set", "Zestaw klocków hamulcowych"),
        ),
        (
            ("Low Dust", "staubarm", "niskopylne"),
            ("with Wear Sensor", "mit Verschleißsensor", "z czujnikiem"),
        ),
        ("Brakon", "Autotek", "Hamulex"),
        (1999, 8999),
        1800,
        (BRAND, MPN, FITTING),
        used=True,
    ),
    "mug": Family(
        (
            ("Coffee Mug 350 ml", "Kaffeebecher 350 ml", "Kubek do kawy 350 ml"),
            ("Travel Mug", "Thermobecher", "Kubek termiczny"),
        ),
        (
            ("Handmade", "handgemacht", "ręcznie robiony"),
            ("Dishwasher Safe", "spülmaschinenfest", "do zmywarki"),
        ),
        ("Keramia", "Töpferei Blau", "Boleslaw"),
        (699, 2999),
        380,
        (BRAND, COLOUR, MATERIAL),
    ),
    "bedding": Family(
        (
            ("Duvet Cover Set", "Bettwäsche Set", "Komplet pościeli"),
            ("Fitted Sheet", "Spannbettlaken", "Prześcieradło z gumką"),
        ),
        (
            ("Mako Satin", "Mako-Satin", "satyna bawełniana"),
            ("with Zip", "mit Reißverschluss", "na zamek"),
        ),
        ("Traumland", "Sypialnia", "Linen House"),
        (1999, 9999),
        1400,
        (BRAND, BED_SIZE, COLOUR, FABRIC),
    ),
    "toy": Family(
        (
            ("Building Block Set", "Baustein Set", "Zestaw klocków"),
            (
                "Wooden Construction Kit",
                "Holzbaukasten",
                "Drewniany zestaw konstrukcyjny",
            ),
        ),
        (
            ("500 Pieces", "500 Teile", "500 elementów"),
            ("Age 6+", "ab 6 Jahren", "6+ lat"),
            ("Fire Station", "Feuerwehr", "straż pożarna"),
        ),
        ("Blokko", "Kidware", "Zabawex"),
        (1499, 11999),
        900,
        (BRAND, PIECES, MATERIAL),
    ),
    "book": Family(
        (
            ("Paperback Novel", "Roman Taschenbuch", "Powieść"),
            ("Cookbook Hardcover", "Kochbuch gebunden", "Książka kucharska"),
        ),
        (
            ("First Edition", "Erstausgabe", "pierwsze wydanie"),
            ("Illustrated", "illustriert", "ilustrowana"),
        ),
        ("Verlag Nord", "Wydawnictwo Wisła", "Harbour Press"),
        (299, 3999),
        450,
        (AUTHOR, TITLE),
        used=True,
    ),
    "candle": Family(
        (
            ("Scented Candle", "Duftkerze", "Świeca zapachowa"),
            ("Soy Wax Candle", "Sojawachskerze", "Świeca sojowa"),
        ),
        (
            ("45 h Burn Time", "45 h Brenndauer", "45 h palenia"),
            ("in Glass", "im Glas", "w szkle"),
        ),
        ("Lichtgut", "Aromia", "Candella"),
        (599, 3499),
        400,
        (BRAND, SCENT),
    ),
    "misc": Family(
        (
            ("Collector's Lot", "Sammlerkonvolut", "Zestaw kolekcjonerski"),
            ("Surprise Box", "Überraschungsbox", "Paczka niespodzianka"),
        ),
        (
            ("House Clearance", "Haushaltsauflösung", "z likwidacji"),
            ("Bargain", "Schnäppchen", "okazja"),
        ),
        ("Markenlos",),
        (100, 9999),
        1000,
        (AspectSpec(("Type", "Typ", "Typ")),),
        used=True,
    ),
}
