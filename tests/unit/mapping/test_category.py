"""Category trees: any depth, any rubbish, and always a parent before its children."""

import json

import pytest

from mapping.reference.category import (
    PATH,
    last_successors,
    map_category_tree,
    map_expired,
    map_tree_version,
)
from mapping.values.errors import MappingError


def node(ref, *children, name=None, leaf=None):
    """A node of eBay's; a leaf unless it has children."""
    return {
        "category": {"categoryId": ref, "categoryName": name or f"Name {ref}"},
        "childCategoryTreeNodes": list(children),
        "leafCategoryTreeNode": not children if leaf is None else leaf,
    }


def tree(*children, **values):
    return {
        "categoryTreeId": "77",
        "categoryTreeVersion": "130",
        "rootCategoryNode": node("0", *children, name="Root"),
        **values,
    }


def by_ref(document):
    mapped = map_category_tree(document, "77")
    return {category.ref: category for level in mapped.levels for category in level}


def test_a_tree_comes_level_by_level_without_its_root():
    mapped = map_category_tree(tree(node("1", node("3")), node("2")), "77")
    assert [[c.ref for c in level] for level in mapped.levels] == [["1", "2"], ["3"]]
    assert mapped.version == "130"
    assert mapped.complete
    top, below = mapped.levels[0][0], mapped.levels[1][0]
    assert (top.parent_ref, top.path, top.is_leaf) == (None, "Name 1", False)
    assert (below.parent_ref, below.path) == ("1", "Name 1 > Name 3")
    assert below.is_leaf


def test_only_what_ebay_calls_a_leaf_and_has_no_children_is_one():
    found = by_ref(tree(node("1", node("2"), leaf=True), node("3", leaf=None)))
    assert not found["1"].is_leaf
    silent = {"category": {"categoryId": "9", "categoryName": "Nine"}}
    assert not by_ref(tree(silent))["9"].is_leaf


def test_depth_is_no_problem():
    deep = node("450")
    for number in range(449, 0, -1):
        deep = node(str(number), deep)
    found = by_ref(json.loads(json.dumps(tree(deep))))
    assert len(found) == 450
    assert found["450"].parent_ref == "449"
    assert len(found["450"].path) == PATH
    assert found["450"].path.startswith("...")
    assert found["450"].path.endswith("> Name 449 > Name 450")


def test_of_the_same_id_the_first_counts_so_nothing_is_above_itself():
    document = tree(node("1", node("2", node("1", node("2"), node("3")))))
    mapped = map_category_tree(document, "77")
    parents = {c.ref: c.parent_ref for level in mapped.levels for c in level}
    assert parents == {"1": None, "2": "1", "3": "2"}
    assert [note.code for note in mapped.dropped] == ["twice", "twice"]
    assert mapped.complete, "nothing is missing"


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "text",
        7,
        {},
        {"category": None},
        {"category": {"categoryName": "No id"}},
        {"category": {"categoryId": ""}},
        {"category": {"categoryId": {"a": 1}}},
        {"category": {"categoryId": "9" * 500}},
        {"category": {"categoryId": True}},
    ],
)
def test_an_unusable_node_costs_only_itself_and_is_said(bad):
    mapped = map_category_tree(tree(bad, node("1")), "77")
    assert [c.ref for c in mapped.levels[0]] == ["1"]
    assert [note.code for note in mapped.dropped] == ["unusable"]
    assert not mapped.complete


def test_what_hangs_below_an_unusable_node_is_kept():
    lost = {"category": {}, "childCategoryTreeNodes": [node("5")]}
    found = by_ref(tree(node("1", lost)))
    assert found["5"].parent_ref == "1"


def test_children_that_are_no_list_are_said():
    odd = {**node("1"), "childCategoryTreeNodes": {"a": "b"}}
    mapped = map_category_tree(tree(odd), "77")
    assert not mapped.complete


def test_names_are_text_and_of_bearable_length():
    found = by_ref(
        tree(
            node("1", name="<b>Bücher & Co</b>\x00"),
            node("2", name="x" * 100_000),
            {"category": {"categoryId": 3, "categoryName": ["x"]}},
        )
    )
    assert found["1"].name == "<b>Bücher & Co</b>"
    assert len(found["2"].name) == 255
    assert found["3"].name == "3"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"categoryTreeId": "77"},
        {"rootCategoryNode": []},
        tree(),
        tree(None, "x"),
        tree(node("1"), categoryTreeId="3"),
    ],
)
def test_an_answer_that_would_expire_everything_is_refused(document):
    with pytest.raises(MappingError):
        map_category_tree(document, "77")


def test_a_tree_beyond_reason_is_refused(monkeypatch):
    monkeypatch.setattr("mapping.reference.category.MOST_CATEGORIES", 3)
    with pytest.raises(MappingError):
        map_category_tree(tree(*(node(str(n)) for n in range(1, 5))), "77")


def test_a_big_tree_is_mapped_whole():
    branches = [
        node(f"b{b}", *(node(f"b{b}l{n}", name="Zubehör") for n in range(200)))
        for b in range(100)
    ]
    mapped = map_category_tree(tree(*branches), "77")
    assert sum(map(len, mapped.levels)) == 20_100


def test_the_version_of_a_marketplace():
    found = map_tree_version({"categoryTreeId": "77", "categoryTreeVersion": 130})
    assert (found.ref, found.version) == ("77", "130")
    for document in ({}, {"categoryTreeId": "77"}, {"categoryTreeVersion": "1"}):
        with pytest.raises(MappingError):
            map_tree_version(document)


def test_expired_categories():
    pair = {"fromCategoryId": "1", "toCategoryId": "2"}
    entries = map_expired({"expiredCategories": [pair, pair, {"toCategoryId": "3"}]})
    assert entries.by_ref == {"1": "2"}
    assert len(entries.dropped) == 2
    assert map_expired({}).by_ref == {}
    with pytest.raises(MappingError):
        map_expired({"expiredCategories": "none"})


def test_successors_are_followed_to_their_end():
    links = {"a": "b", "b": "c", "x": "y", "y": "x", "s": "s", "p": "x"}
    assert last_successors(links) == {"a": "c", "b": "c"}
