"""The file of links: what goes out comes in again, whatever stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.listings.link_file import (
    LARGEST_FILE,
    LinkFileError,
    read_links,
    write_links,
)


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
    ("language", "encoding"),
    [
        ("pl_PL", "cp1250"),
        ("de_DE", "cp1252"),
        ("en_US", "utf-8"),
        ("pl_PL", "utf-16"),
    ],
)
def test_a_file_is_read_as_the_spreadsheet_of_that_language_saves_it(
    language, encoding
):
    text = "item_id;variation;product\n1;größe=ó|farbe=grün;ŻÓŁW\n"
    if encoding == "cp1252":
        text = text.replace("ŻÓŁW", "SCHÄFT")
    [line] = read_links(text.encode(encoding), language)
    assert line.variation_ref == "größe=ó|farbe=grün"
    assert line.product in ("ŻÓŁW", "SCHÄFT")


def test_commas_are_decimal_where_semicolons_part_the_cells():
    content = write_links([{"item_id": "1", "product": "A,B"}], ";")
    assert b"item_id;variation" in content
    [line] = read_links(content)
    assert line.product == "A,B"


@pytest.mark.parametrize(
    "text",
    ["110556789012", "007", "1E5", "12-05", "3/4", "1.10", "MAR-1", "sep1", "4 May"],
)
def test_what_a_spreadsheet_would_turn_into_a_number_or_a_date_is_kept(text):
    content = write_links([{"item_id": text, "sku": text, "product": text}])
    assert content.count(f"'{text}".encode()) == 3
    [line] = read_links(content)
    assert (line.listing_ref, line.sku, line.product) == (text, text, text)


@pytest.mark.parametrize("text", ["110", "0", "LAMP-1", "A007", "MARBLE-12345"])
def test_what_it_leaves_alone_goes_out_as_it_is(text):
    assert b"'" not in write_links([{"item_id": "1", "product": text}])


@pytest.mark.parametrize("text", ["1.10557E+11", "1,10557E+11", "4E+12"])
def test_a_number_that_a_spreadsheet_has_cut_short_is_known(text):
    [line] = read_links(f'item_id,product\n"{text}",A\n'.encode())
    assert line.cut_short
    [line] = read_links(f'item_id,product\n1,"{text}"\n'.encode())
    assert line.cut_short
    [line] = read_links(b"item_id,product\n1,1E5\n")
    assert not line.cut_short


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "not_text"),
        (b"PK\x03\x04\x14\x00item_id,product", "not_text"),
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
