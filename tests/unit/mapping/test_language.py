"""Which language a buyer reads: the country's, if it is installed."""

import pytest

from mapping.values.language import language_of

INSTALLED = ["en_US", "de_DE", "fr_BE", "fr_FR", "nl_NL", "sr@latin", "zh_TW"]
BELGIUM = ("nl", "fr", "de")


@pytest.mark.parametrize(
    ("country", "spoken", "language"),
    [
        ("DE", ["de"], "de_DE"),
        ("AT", ["de"], "de_DE"),
        ("GB", ["en"], "en_US"),
        ("FR", ["fr"], "fr_FR"),
        ("TW", ["zh_Hant"], "zh_TW"),
        ("RS", ["sr_Latn", "sr"], "sr@latin"),
        ("BE", BELGIUM, "nl_NL"),
        ("CH", ["de", "fr", "it"], "de_DE"),
        ("ES", ["es"], "pl_PL"),
        ("ZZ", [], "pl_PL"),
        (None, [], "pl_PL"),
    ],
)
def test_of_the_installed_ones_the_countrys(country, spoken, language):
    assert language_of(country, spoken, INSTALLED, "pl_PL") == language


@pytest.mark.parametrize(
    ("own", "language"), [("fr_FR", "fr_BE"), ("de_DE", "de_DE"), ("pl_PL", "nl_NL")]
)
def test_a_country_of_several_languages_hears_the_companys_if_it_is_one(own, language):
    assert language_of("BE", BELGIUM, [*INSTALLED, own], own) == language


def test_the_countrys_own_kind_of_a_language_comes_first():
    assert language_of("AT", ["de"], ["de_DE", "de_AT"], "de_DE") == "de_AT"
    assert language_of("CH", ["de"], ["de_AT", "de_DE"], "de_DE") == "de_DE"


def test_nothing_installed_leaves_ours():
    assert language_of("DE", ["de"], [], "en_US") == "en_US"
