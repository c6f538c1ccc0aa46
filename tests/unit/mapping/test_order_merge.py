"""The laws of the three-way comparison: for any documents, any clerk, any phase."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.orders.facts import (
    CHARGES,
    DELIVERY,
    INVOICE,
    KEPT_IN_SILENCE,
    NOTE,
    NOTHING,
    PRICE,
    QUANTITY,
    SERVICE,
    SHIP_BY,
    is_same,
)
from mapping.orders.merge import (
    APPLY,
    CANCELLED,
    CONFIRMED,
    LEAVE,
    PARTLY,
    PICKING,
    QUOTATION,
    SHIPPED,
    STAGES,
    TABLE,
    TELL,
    WAIT,
    Phase,
    kind_of,
    merge,
    next_base,
)

LINES = ("1", "2", "3")
ADDRESSES = [
    ["Ada", "Weg 1", None, "Ulm", "89073", "DE", None, None, "+49 1", None],
    ["Otto", "Gasse 9", None, "Köln", "50667", "DE", None, None, None, None],
    ["Otto", "Gasse 9", None, "Köln", "50667", "DE", None, None, "+49 2", None],
]
address = st.sampled_from(ADDRESSES)
line = st.tuples(st.sampled_from("0123"), st.sampled_from(["5", "7.5"]))


@st.composite
def documents(draw):
    """What some document of an order says."""
    said = draw(
        st.fixed_dictionaries(
            {CHARGES: st.sampled_from([[], ["4"], ["8"]])},
            optional={
                DELIVERY: address,
                INVOICE: address,
                SERVICE: st.sampled_from(["DHL", "DPD"]),
                SHIP_BY: st.sampled_from(["2026-12-01", "2026-12-02"]),
                NOTE: st.sampled_from(["Ring twice", "Leave at the door"]),
            },
        )
    )
    for ref, (quantity, price) in draw(
        st.dictionaries(st.sampled_from(LINES), line, min_size=1)
    ).items():
        said[QUANTITY + ref] = quantity
        if quantity != NOTHING:
            said[PRICE + ref] = [price]
    return said


phases = st.builds(
    Phase,
    st.sampled_from(STAGES),
    st.dictionaries(st.sampled_from(LINES), st.sampled_from(STAGES)),
)
early = st.builds(Phase, st.sampled_from((QUOTATION, CONFIRMED)))


class Shop:
    """A sale order that does as it is told, and remembers what was applied."""

    def __init__(self):
        self.base, self.odoo, self.last = {}, {}, None

    def read(self, document, phase, taken=frozenset()):
        """One document comes."""
        self.last = merge(self.base, document, self.odoo, phase, taken)
        for change in self.last.changes:
            if change.after is None:
                self.odoo[change.key] = NOTHING
            else:
                self.odoo[change.key] = change.after
        self.base = next_base(self.base, document, self.last)
        return self.last

    def total(self):
        """What the sale order costs."""
        return _total(self.odoo)


def _total(facts):
    total = sum(Decimal(one) for one in facts.get(CHARGES, []))
    for key, quantity in facts.items():
        if key.startswith(QUANTITY) and quantity != NOTHING:
            price = facts[PRICE + key.removeprefix(QUANTITY)][0]
            total += Decimal(quantity) * Decimal(price)
    return total


def _as_said(odoo, document):
    """Whether Odoo says what the document says, where it says something."""
    keys = {*odoo, *document}
    return all(
        is_same(key, odoo.get(key), document.get(key))
        for key in keys
        if not (key not in document and (key in KEPT_IN_SILENCE or PRICE in key))
    )


@given(st.lists(st.tuples(documents(), early), min_size=1, max_size=6))
def test_without_a_clerk_the_last_document_is_what_counts(story):
    """Law 1, and law 4: the total is the document's after every step."""
    shop = Shop()
    for document, phase in story:
        merged = shop.read(document, phase)
        assert not merged.conflicts
        assert _as_said(shop.odoo, document)
        assert shop.total() == _total(document)


@given(st.lists(st.tuples(documents(), phases), min_size=1, max_size=6))
def test_what_is_not_taken_over_is_asked_or_too_late(story):
    """Law 1 with parcels on their way."""
    shop = Shop()
    for document, phase in story:
        shop.read(document, phase)
    document, phase = story[-1]
    asked = {one.key for one in shop.last.conflicts}
    for key in {*shop.odoo, *document} - asked:
        if is_same(key, shop.odoo.get(key), document.get(key)):
            continue
        silent = key not in document and (key in KEPT_IN_SILENCE or PRICE in key)
        before = shop.base.get(key)
        now = document.get(key)
        late = before == now or (
            TABLE[kind_of(key, before, now)][phase.of(key)] in (LEAVE, TELL, WAIT)
        )
        assert silent or late, key


@given(documents(), phases, documents())
def test_what_a_clerk_changed_stays(document, phase, edits):
    """Law 2: the document is the same, so nothing is undone and nobody asked."""
    shop = Shop()
    shop.read(document, Phase())
    shop.odoo.update(edits)
    before = dict(shop.odoo)
    merged = shop.read(document, phase)
    assert (merged.changes, merged.conflicts, merged.told) == ((), (), ())
    assert shop.odoo == before


@given(documents(), documents(), documents(), phases)
def test_to_merge_twice_is_to_merge_once(first, second, edits, phase):
    """Law 3."""
    shop = Shop()
    shop.read(first, Phase())
    shop.odoo.update(edits)
    once = shop.read(second, phase)
    state = dict(shop.odoo), dict(shop.base)
    twice = shop.read(second, phase)
    assert (twice.changes, twice.told) == ((), ())
    assert twice.conflicts == once.conflicts
    assert (shop.odoo, shop.base) == state


@given(
    st.lists(documents(), min_size=1, max_size=5, unique_by=str),
    st.randoms(use_true_random=False),
)
def test_documents_may_come_in_any_order(story, random):
    """Law 3: a stored document is never replaced by an older one."""
    straight, shuffled = Shop(), Shop()
    for document in story:
        straight.read(document, Phase())
    newest = -1
    for place in random.sample(range(len(story)), len(story)):
        if place > newest:
            newest = place
            shuffled.read(story[place], Phase())
    silent = KEPT_IN_SILENCE  # what an older one said alone is not known then
    assert _as_said(shuffled.odoo, story[-1])
    for key in straight.odoo:
        if key not in silent and PRICE not in key:
            assert is_same(key, straight.odoo[key], shuffled.odoo.get(key))


@given(documents(), documents(), documents(), phases)
def test_whoever_takes_ebays_value_has_it(first, second, edits, phase):
    shop = Shop()
    shop.read(first, Phase())
    shop.odoo.update(edits)
    asked = shop.read(second, phase).conflicts
    shop.read(second, phase, frozenset(one.key for one in asked))
    assert not shop.last.conflicts
    for one in asked:
        assert is_same(one.key, shop.odoo.get(one.key), one.ebay)


@pytest.mark.parametrize("stage", (PICKING, PARTLY))
def test_a_parcel_is_held_for_what_it_must_not_hold(stage):
    shop = Shop()
    shop.read({QUANTITY + "1": "2", PRICE + "1": ["5"], CHARGES: []}, Phase())
    merged = shop.read({QUANTITY + "1": "0", CHARGES: []}, Phase(stage))
    assert [(one.key, one.holds) for one in merged.conflicts] == [("quantity/1", True)]


def test_an_address_that_both_changed_holds_the_parcel():
    shop = Shop()
    shop.read({DELIVERY: ADDRESSES[0], CHARGES: []}, Phase())
    shop.odoo[DELIVERY] = ["A clerk's"]
    merged = shop.read({DELIVERY: ADDRESSES[1], CHARGES: []}, Phase(CONFIRMED))
    assert [one.holds for one in merged.conflicts] == [True]


def test_after_shipping_an_address_is_told_once():
    shop = Shop()
    shop.read({DELIVERY: ADDRESSES[0], CHARGES: []}, Phase())
    changed = {DELIVERY: ADDRESSES[1], CHARGES: []}
    assert shop.read(changed, Phase(SHIPPED)).told
    assert not shop.read(changed, Phase(SHIPPED)).told


def test_what_was_cancelled_and_opened_again_catches_up():
    shop = Shop()
    shop.read({DELIVERY: ADDRESSES[0], CHARGES: []}, Phase())
    changed = {DELIVERY: ADDRESSES[1], CHARGES: ["4"]}
    assert not shop.read(changed, Phase(CANCELLED)).changes
    assert len(shop.read(changed, Phase(CONFIRMED)).changes) == 2


def test_every_kind_has_a_verdict_for_every_stage():
    for verdicts in TABLE.values():
        assert tuple(verdicts) == STAGES
        assert verdicts[QUOTATION] == APPLY
