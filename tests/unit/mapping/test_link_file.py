"""The file of links: what goes out comes in again, whatever stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.link_file import LARGEST_FILE, LinkFileError, read_links, write_links


def test_a_file_goes_out_and_in():
    rows = [{"item_id": "1", "variation": "a=b", "sku": "-7", "product": "=X"}]
    content = write_links(rows)
    assert b"'-7" in content and b"'=X" in content
    [line] = read_links(content)
    assert (line.number, line.listing_ref, line.variation_ref) == (2, "1", "a=b")
    assert (line.sku, line.product) == ("-7", "=X")


def test_a_hyphen_alone_is_no_formula():
    [line] = read_links(write_links([{"item_id": "1", "product": "-"}]))
    assert line.product == "-"


def test_semicolons_and_other_columns_are_borne():
    content = "Product;Item_ID;Colour\r\nA;1;red\r\n;;\r\n".encode("utf-8-sig")
    [line] = read_links(content)
    assert (line.listing_ref, line.product, line.sku) == ("1", "A", "")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "not_text"),
        (b"", "no_columns"),
        (b"sku,title\n1,2\n", "no_columns"),
        (b"x" * (LARGEST_FILE + 1), "too_large"),
    ],
)
def test_what_is_no_such_file_is_refused(content, code):
    with pytest.raises(LinkFileError, match=code):
        list(read_links(content))


plain = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and not text.startswith("'"))


@given(plain, plain)
def test_any_text_comes_back(sku, product):
    [line] = read_links(write_links([{"item_id": "1", "sku": sku, "product": product}]))
    assert (line.sku, line.product) == (sku, product)
