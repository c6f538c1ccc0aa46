"""For the tests of reference data: an eBay that knows nothing else, and counts."""

from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.ebay_sync.ebay_api.errors import ErrorDetail, Rejected

from .common import EbayCase

PART_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"

LISTS = {
    "payment": ("paymentPolicies", "paymentPolicyId"),
    "return": ("returnPolicies", "returnPolicyId"),
    "fulfillment": ("fulfillmentPolicies", "fulfillmentPolicyId"),
}


def rejected(error_id, message="Refused"):
    """eBay's refusal with one of its error ids."""
    return Rejected(message, status=400, errors=[ErrorDetail(error_id, message)])


def node(ref, *children, name=None):
    """A node of a category tree; a leaf unless it has children."""
    return {
        "category": {"categoryId": ref, "categoryName": name or f"Name {ref}"},
        "childCategoryTreeNodes": list(children),
        "leafCategoryTreeNode": not children,
    }


class FakeReference:
    """Stands in for ``EbayClient``; every answer can be replaced by an exception."""

    def __init__(self):
        self.calls = Counter()
        self.programs = [{"programType": "SELLING_POLICY_MANAGEMENT"}]
        self.policies = {kind: [] for kind in LISTS}
        self.locations = []
        self.tree_ids = {"EBAY_DE": "77", "EBAY_AT": "16"}
        self.versions = {}
        self.trees = {}
        self.expired = []
        self.errors = {}
        self.languages = []
        # the client's APIs are all this one object
        self.account = self.inventory = self.taxonomy = self.trading = self
        self.carriers = {"DHL": "DHL", "Other": "Other"}

    def for_marketplace(self, code, locale=""):
        self.languages.append((code, locale))
        return self

    def plant(self, ref, version, *children):
        """Let a tree have this version and these categories."""
        self.versions[ref], self.trees[ref] = version, children

    def answer(self, call, detail, document):
        self.calls[call] += 1
        error = self.errors.get(f"{call} {detail}") or self.errors.get(call)
        if error:
            raise error
        return document

    # -- Account ---------------------------------------------------------------

    def get_payment_policies(self, code):
        return self._policies("payment", code)

    def get_return_policies(self, code):
        return self._policies("return", code)

    def get_fulfillment_policies(self, code):
        return self._policies("fulfillment", code)

    def _policies(self, kind, code):
        key, _ref = LISTS[kind]
        return self.answer(f"{kind}_policies", code, {key: self.policies[kind]})

    def get_opted_in_programs(self):
        return self.answer("programs", "", {"programs": self.programs})

    # -- Inventory -------------------------------------------------------------

    def location_pages(self):
        for start in range(0, len(self.locations) or 1, 100):
            page = {"locations": self.locations[start : start + 100]}
            yield self.answer("locations", start, page)

    # -- Trading ---------------------------------------------------------------

    def get_ebay_details(self, name):
        rows = [
            {"ShippingCarrier": code, "Description": label}
            for code, label in self.carriers.items()
        ]
        return self.answer("details", name, {name: rows})

    # -- Taxonomy --------------------------------------------------------------

    def get_default_category_tree_id(self, code):
        ref = self.tree_ids.get(code)
        document = {"categoryTreeId": ref, "categoryTreeVersion": self.versions[ref]}
        return self.answer("tree_id", code, document)

    def get_category_tree(self, ref):
        return self.answer(
            "tree",
            ref,
            {
                "categoryTreeId": ref,
                "categoryTreeVersion": self.versions[ref],
                "rootCategoryNode": node("0", *self.trees[ref]),
            },
        )

    def get_expired_categories(self, ref):
        pairs = [
            {"fromCategoryId": old, "toCategoryId": new} for old, new in self.expired
        ]
        return self.answer("expired", ref, {"expiredCategories": pairs})


@contextmanager
def speaks_to(fake, account):
    """Let accounts reach ``fake`` instead of eBay."""
    with patch.object(
        type(account), "_client", lambda self, listener=None, tokens=None: fake
    ):
        yield fake


class ReferenceCase(EbayCase):
    """An account on eBay Germany and a fake eBay with a small tree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env.ref("ebay_sync.marketplace_de")
        cls.connect()
        cls.account.marketplace_ids = cls.germany

    def setUp(self):
        super().setUp()
        self.ebay = FakeReference()
        self.ebay.plant("77", "130", node("1", node("2"), node("3")), node("4"))
        self.ebay.plant("16", "130", node("1"))

    def refresh(self, account=None):
        """Run the flow, and return its log and how many requests of each kind."""
        before = self.ebay.calls.copy()
        with speaks_to(self.ebay, self.account):
            log = self.run_flow("reference_in", account=account)
        return log, self.ebay.calls - before

    def row_places(self, table):
        """Where every row of a table lies: an UPDATE would move it."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT ctid::text, to_jsonb(t) ->> 'id' FROM %s t ORDER BY ctid",
                SQL.identifier(table),
            )
        )
        return {(place, row_id and int(row_id)) for place, row_id in rows}

    def failures(self, log):
        return log.line_ids.filtered(lambda line: line.action == "failed").mapped(
            "message"
        )
