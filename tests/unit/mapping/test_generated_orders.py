"""Random documents: each maps or is refused, nothing else, in bounded time."""

from __future__ import annotations

import json
import time
from collections import Counter

from fixtures.generate_orders import KINDS, consistent, generate
from mapping.orders.document import document_hash, document_to_store, storable_document
from mapping.orders.order import map_order
from mapping.values.errors import MappingError

LONGEST = 5
"""Seconds for any one document, on a machine that is busy with other work."""


def test_each_maps_or_is_refused_and_nothing_else(generated_count):
    outcomes = Counter()
    for number, document in enumerate(generate(generated_count)):
        started = time.process_time()
        try:
            order = map_order(document)
        except MappingError as error:
            assert error.path.startswith("$")
            assert KINDS[number % len(KINDS)] is not consistent
            outcome = "refused"
        else:
            outcome = "mapped"
            for line in order.lines:
                assert line.unit_price * line.quantity + line.rounding == line.subtotal
            assert len(order.notes) <= 200
            if KINDS[number % len(KINDS)] is consistent:
                assert order.expected_total == order.totals.computed
                assert not {note.code for note in order.notes} & {
                    "total_mismatch",
                    "total_reading",
                    "subtotal_mismatch",
                    "delivery_mismatch",
                }
        assert time.process_time() - started < LONGEST
        outcomes[outcome] += 1
    # Both outcomes are common, else the generator tests nothing.
    assert outcomes["mapped"] > generated_count // 2
    assert outcomes["refused"] > generated_count // 20


def test_each_can_be_stored_and_keeps_its_hash(generated_count):
    for document in generate(generated_count // 5, seed=2):
        copy = storable_document(document)
        text = json.dumps(copy, ensure_ascii=False)
        assert "\x00" not in text and "\\u0000" not in text
        text.encode("utf-8")
        assert document_hash(json.loads(text)) == document_hash(document)
        assert document_to_store(document, copy) is None


def test_same_seed_same_documents():
    first = [json.dumps(document) for document in generate(12, seed=3)]
    assert first == [json.dumps(document) for document in generate(12, seed=3)]
    assert first != [json.dumps(document) for document in generate(12, seed=4)]
