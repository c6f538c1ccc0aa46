"""One identity for a variation, whoever names it."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from mapping.listings.variation import rows_meant, variation_key


@dataclass(frozen=True)
class Row:
    sku: str
    variation_ref: str
    is_variation: bool = True


S, M = variation_key([["Size", "S"]]), variation_key([["Size", "M"]])
SHIRT = [Row("ALL", S), Row("ALL", M), Row("L-1", variation_key([["Size", "L"]]))]


def test_the_aspects_decide_where_a_sku_is_everybodys():
    assert rows_meant(SHIRT, "ALL", M) == [SHIRT[1]]


def test_the_aspects_decide_where_skus_were_exchanged_since():
    assert rows_meant(SHIRT, "L-1", S) == [SHIRT[0]]


def test_the_sku_helps_where_the_aspects_were_renamed_since():
    assert rows_meant(SHIRT, "L-1", "size=large") == [SHIRT[2]]


def test_a_shared_sku_alone_tells_nothing_apart():
    assert rows_meant(SHIRT, "ALL", "") == SHIRT[:2]


def test_a_variation_that_is_gone_is_none_of_the_others():
    assert rows_meant(SHIRT, "", "size=xl") == []
    assert rows_meant(SHIRT[:1], "", M) == []


def test_a_listing_without_variations_is_one_thing_whatever_its_sku_is():
    only = [Row("NEW", "", is_variation=False)]
    assert rows_meant(only, "OLD", "") == only
    assert rows_meant(only, "", "size=s") == only


rows = st.lists(
    st.builds(
        Row,
        sku=st.sampled_from(["", "A", "B"]),
        variation_ref=st.sampled_from(["", S, M]),
        is_variation=st.booleans(),
    ),
    max_size=4,
)


@given(rows, st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["", S, M, "x=y"]))
def test_who_names_a_variation_never_gets_another_one(rows, sku, ref):
    found = rows_meant(rows, sku, ref)
    assert all(one in rows for one in found)
    if ref and any(row.variation_ref == ref for row in rows):
        assert {one.variation_ref for one in found} == {ref}
