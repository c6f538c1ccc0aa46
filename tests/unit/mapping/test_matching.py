"""Which product a listing sells: what decides, what is only suggested, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.listings.matching import (
    BARCODE,
    SKU,
    SKU_BARCODE,
    TITLE,
    Matcher,
    Product,
    Rule,
    Wanted,
    values_of,
    words,
)

EAN = "4006381333931"
USUAL = [
    Rule(SKU, True),
    Rule(BARCODE, True),
    Rule(SKU_BARCODE, False),
    Rule(TITLE, False),
]
LAMP = Product(1, "L-1", EAN, "Lumo desk lamp LED black")
CHAIR = Product(2, "C-1", "", "Garden chair green")


def decide(wanted, products=(LAMP, CHAIR), rules=USUAL):
    return Matcher(products, rules).decide(wanted)


def test_an_equal_sku_decides():
    decision = decide(Wanted(9, sku=" L-1 "))
    assert (decision.product, decision.method, decision.score) == (1, "sku", 100)
    assert not decision.suggestions


def test_sku_and_barcode_that_agree_decide_by_the_first_rule():
    decision = decide(Wanted(9, sku="L-1", barcode=EAN))
    assert (decision.product, decision.method) == (1, "sku")
    decision = decide(Wanted(9, sku="L-1", barcode=EAN), rules=[USUAL[1], USUAL[0]])
    assert (decision.product, decision.method) == (1, "barcode")


def test_leading_zeros_make_no_other_barcode():
    assert decide(Wanted(9, barcode=f"0{EAN}")).product == 1


def test_strong_evidence_for_two_products_is_a_conflict():
    decision = decide(Wanted(9, sku="C-1", barcode=EAN))
    assert decision.product is None and decision.conflict
    assert [one.product for one in decision.suggestions] == [2, 1]


def test_a_shared_sku_is_settled_by_the_barcode():
    twins = [Product(1, "SAME", EAN), Product(2, "SAME", "")]
    decision = decide(Wanted(9, sku="SAME", barcode=EAN), twins)
    assert (decision.product, decision.method) == (1, "barcode")


def test_a_shared_sku_alone_is_a_question():
    twins = [Product(1, "SAME"), Product(2, "SAME")]
    decision = decide(Wanted(9, sku="SAME"), twins)
    assert decision.product is None and not decision.conflict
    assert [one.score for one in decision.suggestions] == [100, 100]


def test_what_a_person_refused_is_only_suggested():
    decision = decide(Wanted(9, sku="L-1", by_hand=True))
    assert decision.product is None
    assert decision.suggestions[0].product == 1


def test_a_sku_in_other_letters_is_a_suggestion():
    [first] = decide(Wanted(9, sku="l - 1")).suggestions
    assert (first.product, first.evidence) == (1, ("sku_case",))


def test_a_rule_that_does_not_link_by_itself_suggests():
    [first] = decide(Wanted(9, sku=EAN)).suggestions
    assert (first.product, first.evidence) == (1, ("sku_barcode",))


def test_titles_rank_by_their_rare_words():
    decision = decide(Wanted(9, title="Desk lamp Lumo, LED, BLACK \u2013 new"))
    first = decision.suggestions[0]
    assert (first.product, first.evidence) == (1, ("words",))
    assert 45 <= first.score < 85


def test_an_equal_title_decides_only_where_the_account_says_so():
    wanted = Wanted(9, title="lumo Desk-Lamp LED  black")
    assert decide(wanted).product is None
    assert decide(wanted).suggestions[0].evidence == ("title",)
    assert decide(wanted, rules=[Rule(TITLE, True)]).product == 1


def test_of_variants_with_one_name_the_fitting_one_is_taken():
    variants = [
        Product(1, name="Shirt blue", values=values_of(["M", "Blue"])),
        Product(2, name="Shirt blue", values=values_of(["L", "Blue"])),
    ]
    wanted = Wanted(9, title="shirt blue", values=values_of(["l"]))
    assert decide(wanted, variants, [Rule(TITLE, True)]).product == 2
    [first, *_rest] = decide(wanted, variants).suggestions
    assert first.product == 2 and "variation" in first.evidence


def test_a_makers_number_among_the_specifics_is_a_suggestion():
    wanted = Wanted(9, title="Lampe", specifics=values_of(["Acme", "l-1 x", "C-1"]))
    assert not decide(wanted).suggestions, "C-1 is too short for a number"
    lamp = Product(3, "L-1X", "", "Something else")
    [found] = decide(wanted, products=(LAMP, CHAIR, lamp)).suggestions
    assert (found.product, found.score, found.evidence) == (3, 88, ("specifics",))
    assert decide(wanted, products=(lamp,)).product is None


def test_specifics_tell_the_variants_of_one_name_apart():
    red = Product(3, "S-R", "", "Shirt Basic", values_of(["Red", "M"]))
    blue = Product(4, "S-B", "", "Shirt Basic", values_of(["Blue", "M"]))
    wanted = Wanted(9, title="Basic shirt", specifics=values_of(["red", "M", "Cotton"]))
    first, second = decide(wanted, products=(red, blue)).suggestions
    assert (first.product, first.score) == (3, 93)
    assert first.evidence == ("title", "specifics")
    assert (second.product, second.evidence) == (4, ("title",))


def test_nothing_in_common_is_no_suggestion():
    assert decide(Wanted(9, title="Bicycle tyre 28 inch")).suggestions == ()


def test_accents_and_case_make_no_other_word():
    assert words("Żółta LAMPA é") == words("zołta lampa É")


def test_without_title_rule_no_title_is_looked_at():
    decision = Matcher([LAMP], [Rule(SKU, True)]).decide(
        Wanted(9, title="Lumo desk lamp LED black")
    )
    assert decision.suggestions == ()


@pytest.mark.parametrize("code", ["", " "])
def test_an_empty_sku_matches_nothing(code):
    products = [Product(1, code), Product(2, "")]
    assert decide(Wanted(9, sku=code), products).product is None


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_weighed(title, sku, barcode):
    decision = decide(Wanted(9, sku=sku, barcode=barcode, title=title))
    assert all(0 <= one.score <= 100 for one in decision.suggestions)
    assert len(decision.suggestions) <= 3
