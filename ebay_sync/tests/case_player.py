"""Plays the stories of ``fixtures/cases/orders``: what eBay shows, run by run.

A story is a list of steps: ``load`` (documents that eBay shows from then on), ``run``
(a flow), ``do`` or a call of the simulator (words for a person). Payment is done here;
whatever else is to be done is a function of the test.
"""

import copy
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from odoo.addons.ebay_sync.mapping.values.dates import parse_timestamp

from .orders import FixCase, ebay_time

STORIES = Path(__file__).resolve().parents[2] / "fixtures" / "cases" / "orders"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# The last change of a story happened so long ago: read, and well inside the overlap.
LAST_CHANGE = timedelta(minutes=2)
PAY = re.compile(r"/pay\b")


class CasePlayer:
    """One story at the test's fake eBay.

    ``mark`` makes numbers of orders and lines another story's, so that one is played
    twice; ``values`` are put in place of whole texts of the file (``<itemId>``).
    ``change(document)`` may alter each document before eBay shows it.
    """

    def __init__(self, test, name, mark="", values=None, change=None):
        self.test = test
        self.mark = mark
        self.values = values or {}
        self.change = change
        text = (STORIES / f"{name}.json").read_text(encoding="utf-8")
        self.steps = json.loads(_moved(text))["steps"]
        self.place = self.edits = 0
        self.shown = []  # numbers of the orders that eBay shows, in order of appearing

    @property
    def ref(self):
        """The number that the order shown last has by now."""
        return self.shown[-1]

    @property
    def document(self):
        """The order shown last, as eBay shows it; to be changed and shown again."""
        return copy.deepcopy(self.test.ebay.orders[self.ref])

    @property
    def sale(self):
        """The sale order of the order shown last."""
        return self.test.sale(self.ref)

    def play(self, steps=None, do=()):
        """Play so many more steps, or all that are left; returns the last run's log.

        ``do`` are functions of this player, one for each step that it cannot do
        itself.
        """
        others, log = iter(do), None
        last = len(self.steps) if steps is None else self.place + steps
        for step in self.steps[self.place : last]:
            self.place += 1
            (kind, what) = next(iter(step.items()))
            if kind == "load":
                self.show(*what)
            elif kind == "run":
                log = self.test.run_flow(what)
                self.test.assertEqual(log.state, "done", log.message)
            elif kind == "do" and PAY.search(what):
                self.pay()
            else:
                next(others)(self)
        return log

    def show(self, *documents):
        """Have eBay show these documents of the file from now on."""
        for document in documents:
            document = self._own(copy.deepcopy(document))
            if self.change:
                self.change(document)
            self.show_as_is(document)

    def show_as_is(self, document):
        """Have eBay show this document, which is not of the file."""
        if document["orderId"] not in self.shown:
            self.shown.append(document["orderId"])
        self.test.ebay.show(document)

    def pay(self, renumber=True, **changes):
        """The buyer pays the order shown last; eBay gives it another number then."""
        order = self.document
        if renumber:
            self.hide(order["orderId"])
            order["orderId"] += "-P"
        now = ebay_time(datetime.now(timezone.utc) - timedelta(seconds=100))
        order.update(
            orderPaymentStatus="PAID", lastModifiedDate=now, **copy.deepcopy(changes)
        )
        order["paymentSummary"]["payments"] = [
            {
                "paymentMethod": "EBAY",
                "paymentDate": now,
                "amount": order["pricingSummary"]["total"],
                "paymentStatus": "PAID",
            }
        ]
        self.show_as_is(order)

    def changes_at_ebay(self, edit):
        """The order shown last changes by ``edit(document)``; orders_in runs."""
        order = self.document
        edit(order)
        self.edits += 1
        age = timedelta(seconds=90 - 5 * self.edits)
        order["lastModifiedDate"] = ebay_time(datetime.now(timezone.utc) - age)
        self.show_as_is(order)
        log = self.test.run_flow("orders_in")
        self.test.assertEqual(log.state, "done", log.message)
        return log

    def hide(self, *refs):
        """eBay shows these orders no longer."""
        for ref in refs:
            self.test.ebay.orders.pop(ref)
            self.shown.remove(ref)

    def _own(self, value, key=None):
        """A value of the file with this player's marks and values."""
        if isinstance(value, dict):
            return {name: self._own(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._own(one) for one in value]
        if key in ("orderId", "legacyOrderId", "lineItemId"):
            return f"{value}{self.mark}"
        return self.values.get(value, value) if isinstance(value, str) else value


class StoryCase(FixCase):
    """A shop in euros with the three mugs of the stories on the shelf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mugs = [cls.storable(f"MUG-{number}") for number in (1, 2, 3)]
        for mug in cls.mugs:
            cls.stock(mug, 100)

    def setUp(self):
        super().setUp()
        if not STORIES.is_dir():
            self.skipTest("fixtures/cases does not lie beside the addon")

    def player(self, name, **options):
        """A player of one of the stories."""
        return CasePlayer(self, name, **options)


def _moved(text):
    """The text of a story with all its times moved to the last minutes."""
    times = [parse_timestamp(one) for one in set(TIME.findall(text))]
    latest = max(times)
    shift = datetime.now(timezone.utc) - LAST_CHANGE - latest
    return TIME.sub(lambda found: ebay_time(parse_timestamp(found[0]) + shift), text)
