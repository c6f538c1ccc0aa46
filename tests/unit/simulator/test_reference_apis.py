"""Taxonomy, Metadata and Media."""

from __future__ import annotations

import gzip
import json

import pytest

from simulator.listings import category_tree
from simulator.reference.marketplaces import MARKETPLACES

TREE = "/commerce/taxonomy/v1/category_tree"
METADATA = "/sell/metadata/v1/marketplace"
MEDIA = "/commerce/media/v1_beta/image"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x64\x00\x00\x00\x64\x08\x06"


def error(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def default_tree(client, name):
    return client.get(
        "/commerce/taxonomy/v1/get_default_category_tree_id",
        params={"marketplace_id": name} if name else {},
    )


def leaves(node):
    if node.get("leafCategoryTreeNode"):
        yield node
    for child in node.get("childCategoryTreeNodes", []):
        yield from leaves(child)


# --- taxonomy ---


def test_every_marketplace_has_its_tree(anyone):
    ids = {
        name: default_tree(anyone, name).json()["categoryTreeId"]
        for name in MARKETPLACES
    }
    assert (ids["EBAY_US"], ids["EBAY_DE"], ids["EBAY_PL"]) == ("0", "77", "212")
    assert error(default_tree(anyone, "EBAY_XX")) == (400, 62003)
    assert error(default_tree(anyone, None)) == (400, 62002)


def test_users_cannot_read_the_taxonomy(seller):
    assert error(default_tree(seller, "EBAY_DE")) == (403, 1100)


def test_a_tree_reaches_from_level_one_to_six(anyone):
    tree = anyone.get(f"{TREE}/77").json()
    found = list(leaves(tree["rootCategoryNode"]))
    assert {one["categoryTreeNodeLevel"] for one in found} == {1, 2, 3, 4, 5, 6}
    assert tree["applicableMarketplaceIds"] == ["EBAY_DE"]
    names = {one["category"]["categoryName"] for one in found}
    assert "Bremsbeläge vorne" in names
    assert error(anyone.get(f"{TREE}/999")) == (400, 62004)


def test_subtrees_and_their_errors(anyone):
    path = f"{TREE}/212/get_category_subtree"
    node = anyone.get(path, params={"category_id": "1059"}).json()
    children = node["categorySubtreeNode"]["childCategoryTreeNodes"]
    assert [one["category"]["categoryName"] for one in children] == [
        "Koszulki",
        "Kurtki i płaszcze",
    ]
    for given, expected in (({}, 62006), ({"category_id": "1"}, 62005)):
        assert error(anyone.get(path, params=given)) == (400, expected)
    assert error(anyone.get(path, params={"category_id": "0"})) == (400, 62008)


def test_suggestions_name_the_way_up(anyone):
    path = f"{TREE}/77/get_category_suggestions"
    found = anyone.get(path, params={"q": "Herren T-Shirt"}).json()
    first = found["categorySuggestions"][0]
    assert first["category"]["categoryId"] == "15687"
    above = [one["categoryId"] for one in first["categoryTreeNodeAncestors"]]
    assert above == ["1059", "260012", "11450"]
    assert anyone.get(path, params={"q": "qqqq"}).status_code == 204
    assert error(anyone.get(path)) == (400, 62007)


def test_aspects_of_a_leaf(anyone):
    path = f"{TREE}/77/get_item_aspects_for_category"
    found = anyone.get(path, params={"category_id": "15687"}).json()["aspects"]
    by_name = {one["localizedAspectName"]: one["aspectConstraint"] for one in found}
    assert by_name["Marke"]["aspectRequired"] is True
    assert by_name["Marke"]["aspectUsage"] == "RECOMMENDED"
    assert by_name["Farbe"]["aspectEnabledForVariations"] is True
    assert error(anyone.get(path, params={"category_id": "1059"})) == (400, 62009)


def test_all_aspects_come_as_a_gzip_file(anyone):
    answer = anyone.get(f"{TREE}/77/fetch_item_aspects")
    found = json.loads(gzip.decompress(answer.content))
    assert found["categoryTreeId"] == "77"
    assert len(found["categoryAspects"]) == 13
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_new_version_moves_and_expires(anyone, listing_app):
    assert anyone.get(f"{TREE}/77/get_expired_categories").status_code == 204
    before = int(default_tree(anyone, "EBAY_DE").json()["categoryTreeVersion"])
    category_tree.change(
        listing_app.world, "77", moved={"20635": "11700"}, expired={"57988": "15687"}
    )
    after = anyone.get(f"{TREE}/77").json()
    assert int(after["categoryTreeVersion"]) == before + 1
    found = {
        one["category"]["categoryId"]: one["categoryTreeNodeLevel"]
        for one in leaves(after["rootCategoryNode"])
    }
    assert "57988" not in found
    assert found["20635"] == 2
    assert anyone.get(f"{TREE}/77/get_expired_categories").json() == {
        "expiredCategories": [{"fromCategoryId": "57988", "toCategoryId": "15687"}]
    }
    untouched = default_tree(anyone, "EBAY_PL").json()["categoryTreeVersion"]
    assert int(untouched) == before


def test_changes_that_make_no_sense(listing_app):
    change = category_tree.change
    with pytest.raises(LookupError):
        change(listing_app.world, "77", moved={"1": "99"})
    with pytest.raises(ValueError):
        change(listing_app.world, "77", moved={"11450": "1059"})
    with pytest.raises(ValueError):
        change(listing_app.world, "77", expired={"11450": "99"})
    with pytest.raises(LookupError):
        change(listing_app.world, "999")


def test_trees_can_be_large(anyone, listing_app):
    category_tree.change(listing_app.world, "77", grow=3_000)
    tree = anyone.get(f"{TREE}/77").json()
    assert sum(1 for _ in leaves(tree["rootCategoryNode"])) > 2_600


# --- metadata ---


def test_conditions_per_category(anyone, seller):
    path = f"{METADATA}/EBAY_DE/get_item_condition_policies"
    found = anyone.get(path).json()["itemConditionPolicies"]
    assert len(found) == 13
    filtered = {"filter": "categoryIds:{15687|261186}"}
    shirts, books = anyone.get(path, params=filtered).json()["itemConditionPolicies"]
    assert {one["conditionId"] for one in shirts["itemConditions"]} == {"1000", "1500"}
    assert "3000" in {one["conditionId"] for one in books["itemConditions"]}
    assert seller.get(path).status_code == 200
    unknown = f"{METADATA}/EBAY_XX/get_item_condition_policies"
    assert error(anyone.get(unknown)) == (400, 46001)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("categoryIds:{1}", 46003),
        ("nonsense", 46002),
        ("categoryIds:{" + "|".join(["99"] * 51) + "}", 46004),
    ],
)
def test_filters_that_warn(anyone, text, warning):
    path = f"{METADATA}/EBAY_DE/get_category_policies"
    answer = anyone.get(path, params={"filter": text})
    assert answer.status_code == 200
    assert answer.json()["warnings"][0]["errorId"] == warning


def test_a_parent_stands_for_its_leaves(anyone):
    path = f"{METADATA}/EBAY_DE/get_listing_structure_policies"
    answer = anyone.get(path, params={"filter": "categoryIds:{11450}"}).json()
    found = {one["categoryId"] for one in answer["listingStructurePolicies"]}
    assert found == {"15687", "57988"}
    assert all(one["variationsSupported"] for one in answer["listingStructurePolicies"])


def test_currencies(anyone):
    answer = anyone.get(f"{METADATA}/EBAY_PL/get_currencies").json()
    assert answer["marketplaceId"] == "EBAY_PL"
    assert answer["defaultCurrency"]["code"] == "PLN"


@pytest.mark.parametrize(
    "name",
    [
        "regulatory_policies",
        "return_policies",
        "shipping_policies",
        "listing_type_policies",
        "negotiated_price_policies",
    ],
)
def test_other_policies(anyone, name):
    answer = anyone.get(f"{METADATA}/EBAY_DE/get_{name}").json()
    (rows,) = answer.values()
    assert len(rows) == 13


# --- media ---


def upload(client, content=PNG, part="image"):
    return client.post(
        f"{MEDIA}/create_image_from_file",
        files={part: ("Bild.png", content, "image/png")},
    )


def test_a_picture_is_uploaded_and_found(seller, other_seller):
    made = upload(seller)
    assert made.status_code == 201
    found = seller.get(made.headers["Location"])
    assert found.json() == made.json()
    assert found.json()["imageUrl"].startswith("https://i.ebayimg.com/")
    assert error(other_seller.get(made.headers["Location"])) == (404, 190200)


def test_pictures_that_are_refused(seller):
    assert error(upload(seller, b"no picture")) == (400, 190203)
    assert error(upload(seller, part="picture")) == (400, 2004)
    assert error(upload(seller, PNG + bytes(12 * 1024 * 1024))) == (400, 190201)
    huge = PNG[:16] + b"\x00\x00\xff\xff" + PNG[20:]
    assert error(upload(seller, huge)) == (400, 190202)


def test_a_picture_from_an_address(seller):
    path = f"{MEDIA}/create_image_from_url"
    made = seller.post(path, json={"imageUrl": "https://shop.example/1.jpg"})
    assert made.status_code == 201
    refused = seller.post(path, json={"imageUrl": "http://shop.example/1.jpg"})
    assert error(refused) == (400, 190204)


def test_unused_pictures_expire(as_seller, listing_app):
    made = upload(as_seller())
    listing_app.world.clock.advance(31 * 86_400)
    assert error(as_seller().get(made.headers["Location"])) == (404, 190200)
    listing_app.world.database.execute(
        "UPDATE listing SET document = json_set(document, '$.pictures[0]', ?)"
        " WHERE status = 'ACTIVE' AND item_id = (SELECT MIN(item_id) FROM listing"
        " WHERE status = 'ACTIVE')",
        (made.json()["imageUrl"],),
    )
    assert as_seller().get(made.headers["Location"]).status_code == 200
