"""Which of eBay's carriers a name means."""

import pytest

from mapping.shipments.carriers import (
    CARRIERS,
    guess_code,
    map_carriers,
    propose_method,
    words_of,
)
from mapping.values.errors import MappingError


@pytest.mark.parametrize(
    ("name", "marketplace", "code"),
    [
        ("DHL Paket", "EBAY_DE", "DHL"),
        ("DHL Express", "EBAY_DE", "DHLEXPRESS"),
        ("DHL Express", "EBAY_PL", "DHL"),
        ("Warenpost", "EBAY_DE", "DeutschePost"),
        ("Deutsche Post Brief", "EBAY_DE", "DeutschePost"),
        ("myHermes", "EBAY_GB", "Hermes"),
        ("Evri", "EBAY_GB", "Hermes"),
        ("Royal Mail 2nd Class", "EBAY_GB", "RoyalMail"),
        ("Kurier InPost, Paczkomaty 24/7", "EBAY_PL", "InPost"),
        ("Poczta Polska \u2013 priorytet", "EBAY_PL", "PocztaPolska"),
        ("Pocztex Kurier48", "EBAY_PL", "PocztaPolska"),
        ("La Poste Lettre suivie", "EBAY_FR", "LAPOSTE"),
        ("Colissimo", "EBAY_FR", "Colissimo"),
        ("BRT corriere", "EBAY_IT", "Bartolini"),
        ("Correos Paq 72", "EBAY_ES", "Correos"),
        ("UPS Ground", "EBAY_US", "UPS"),
        ("FedEx Home Delivery", "EBAY_US", "FedEx"),
        ("USPSPriority", "EBAY_US", "USPS"),
        ("DE_DHL2KGPaket", "EBAY_DE", "DHL"),
        ("Österreichische Post", "EBAY_AT", "OsterreichischePostAG"),
        ("Groups, supsize", None, None),
        ("Cousin with a van", "EBAY_DE", None),
        ("", None, None),
        ("x" * 10_000, None, None),
    ],
)
def test_a_name_means_a_carrier(name, marketplace, code):
    assert guess_code(name, marketplace) == code


POLAND = {"DHL": "DHL", "INPOST": "InPost", "OrlenPaczka": "ORLEN Paczka", "X": "X"}


@pytest.mark.parametrize(
    ("name", "listed", "code"),
    [
        ("InPost Paczkomaty", None, "InPost"),
        ("InPost Paczkomaty", POLAND, "INPOST"),  # the site's spelling
        ("InPost Paczkomaty", {"DHL": "DHL"}, None),  # the site does not know it
        ("GLS Kurier", POLAND, "GLS"),  # not listed, but one of eBay's codes
        ("Orlen Paczka mini", POLAND, "OrlenPaczka"),  # only the site knows it
        ("Size X", POLAND, None),
    ],
)
def test_the_list_of_the_site_counts(name, listed, code):
    assert guess_code(name, "EBAY_PL", listed) == code


def test_the_list_of_a_site_is_read():
    rows = [
        {"ShippingCarrier": "DHL", "Description": "DHL Paket"},
        {"ShippingCarrier": "GLS"},
        {"Description": "no code"},
        "nonsense",
    ]
    details = {"ShippingCarrierDetails": rows}
    assert map_carriers(details) == {"DHL": "DHL Paket", "GLS": "GLS"}


@pytest.mark.parametrize("rows", [None, [], {}, "DHL"])
def test_no_list_is_not_an_empty_list(rows):
    with pytest.raises(MappingError):
        map_carriers({"ShippingCarrierDetails": rows})


def test_every_name_is_found_by_itself():
    for carrier in CARRIERS:
        for name in carrier.names:
            place = (carrier.marketplaces or ("EBAY_DE",))[0]
            assert guess_code(name, place) == carrier.code, name


def test_words_of_camel_case():
    assert words_of("UK_RoyalMailSecondClass") == (
        "uk",
        "royal",
        "mail",
        "second",
        "class",
    )


@pytest.mark.parametrize(
    ("service", "methods", "found"),
    [
        ("DE_DHLPaket", {1: "DHL Paket", 2: "DHL Express", 3: "DPD"}, 1),
        ("DE_DHLPaket", {1: "DHL", 2: "DPD"}, 1),
        ("DE_DHLPaket", {1: "DHL A", 2: "DHL B"}, None),
        ("DE_Sonstige", {1: "DHL"}, None),
        ("DE_HermesPaket", {1: "DHL"}, None),
        ("DE_DHLPaket", {}, None),
    ],
)
def test_a_service_means_a_method_where_one_is_best(service, methods, found):
    assert propose_method(service, methods, "EBAY_DE") == found
