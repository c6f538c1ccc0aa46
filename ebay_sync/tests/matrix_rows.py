"""One row of every model that the matrix of rights looks at, for each place.

A ``Place`` is an eBay account with its company. What is made for one place belongs to
it; a model without an entry here cannot be tried, and the matrix says so.
"""

from odoo.fields import Command

BUYER = "matrix_buyer"


class Place:
    """Where rows belong: one account of one company."""

    def __init__(self, env, account, name):
        self.env, self.account, self.name = env, account, name
        self.company = account.company_id
        self._rows = {}

    def row(self, model, user=None):
        """This place's row of a model; ``user`` is whose own it is, of a wizard."""
        own = user if self.env[model]._transient else None
        key = (model, own and own.id)
        if key not in self._rows:
            self._rows[key] = self._make(model, own or self.env.user)
        return self._rows[key]

    def id(self, model):
        """The id of this place's row."""
        return self.row(model).id

    def _make(self, model, user):
        made = ROWS[model](self)
        if not isinstance(made, dict):
            return made
        rows = self.env[model]
        field = rows._fields.get("account_id")
        if field and field.comodel_name == "ebay.account":
            made = {"account_id": self.account.id, **made}
        # sudo keeps the user: the row becomes the user's own
        row = rows.with_user(user).sudo().create(made)
        return row.with_env(self.env)


def _of_company(**values):
    return lambda place: {
        "name": f"Matrix {place.name}",
        "company_id": place.company.id,
        **values,
    }


def _plain(**values):
    return lambda _place: values


def _delivery(place):
    """The board's line of a parcel that waits."""
    return place.env["ebay.delivery"].browse(place.id("ebay.shipment") * 3 + 1)


def _doctor(_place):
    return {
        "line_ids": [
            Command.create(
                {"check": "keys", "name": "Keys", "state": "green", "found": "Fine"}
            )
        ]
    }


def _token(place):
    place.env["ebay.token"]._ensure(place.account)
    return place.env["ebay.token"]._of(place.account, "user")


def _tax(place):
    country = place.env.ref("base.de")
    group = place.env["account.tax.group"].create(
        {"name": "M", "company_id": place.company.id, "country_id": country.id}
    )
    return {
        "name": f"Matrix {place.name}",
        "company_id": place.company.id,
        "country_id": country.id,
        "tax_group_id": group.id,
        "amount": 19.0,
        "amount_type": "percent",
        "type_tax_use": "sale",
        "price_include_override": "tax_excluded",
    }


def _sale(place):
    return {
        "partner_id": place.id("res.partner"),
        "company_id": place.company.id,
        "ebay_account_id": place.account.id,
        "ebay_order_ref": f"M-{place.account.id}",
        "order_line": [
            Command.create({"product_id": place.id("product.product"), "name": "Mug"})
        ],
    }


def _of_issue(**names):
    """A wizard of the inbox: its entry, and what is chosen."""
    return lambda place: {
        "issue_id": place.id("ebay.issue"),
        **{field: place.id(model) for field, model in names.items()},
    }


ROWS = {
    # the addon's own
    "ebay.account": lambda place: place.account,
    "ebay.buyer.data": _plain(username=BUYER),
    "ebay.carrier": lambda place: {"carrier_id": place.id("delivery.carrier")},
    "ebay.category": lambda place: {
        "tree_id": place.id("ebay.category.tree"),
        "category_ref": "1",
        "name": "Cups",
    },
    "ebay.category.tree": lambda place: {
        "environment": "sandbox",
        "tree_ref": f"matrix-{place.account.id}",
    },
    "ebay.choose.partner": _of_issue(partner_id="res.partner"),
    "ebay.delivery": _delivery,
    "ebay.doctor": _doctor,
    "ebay.doctor.line": lambda place: {
        "doctor_id": place.id("ebay.doctor"),
        "check": "keys",
        "name": "Keys",
        "state": "green",
        "found": "Fine",
    },
    "ebay.erasure": lambda place: {
        "kind": "request",
        "company_id": place.company.id,
    },
    "ebay.fetch.orders": _plain(order_refs="12-34567-89012"),
    "ebay.field.rule": lambda place: {
        "path": "buyer.username",
        "target": place.env["ebay.field.rule"]._targets()[0][0],
    },
    "ebay.held.push": _plain(flow="stock_out"),
    "ebay.held.push.line": lambda place: {
        "held_id": place.id("ebay.held.push"),
        "listing_id": place.id("ebay.listing"),
    },
    "ebay.issue": lambda place: {
        "code": "product_missing",
        "order_id": place.id("ebay.order"),
    },
    "ebay.link.file": _plain(),
    "ebay.link.product": _of_issue(
        product_id="product.product", listing_id="ebay.listing"
    ),
    "ebay.link.rule": lambda place: place.account.link_rule_ids[:1],
    "ebay.listing": lambda place: {
        "listing_ref": f"M-{place.account.id}",
        "title": "Mug",
        "product_id": place.id("product.product"),
    },
    "ebay.listing.suggestion": lambda place: {
        "listing_id": place.id("ebay.listing"),
        "product_id": place.id("product.product"),
    },
    "ebay.listing.sweep": _plain(),
    "ebay.listing.sweep.page": lambda place: {
        "sweep_id": place.id("ebay.listing.sweep"),
        "number": 1,
    },
    "ebay.location": _plain(location_ref="main", name="Main"),
    "ebay.map.tax": _of_issue(),
    "ebay.marketplace": lambda place: {
        "code": f"EBAY_M{place.account.id}",
        "name": "Matrix",
    },
    "ebay.notification": _plain(notification_ref="m-1", topic="ORDER_CONFIRMATION"),
    "ebay.oauth.state": lambda place: {"user_id": place.env.uid, "nonce": "x"},
    "ebay.order": lambda place: {
        "order_ref": f"M-{place.account.id}",
        "sale_order_id": place.id("sale.order"),
    },
    "ebay.order.line": lambda place: {
        "order_id": place.id("ebay.order"),
        "quantity": 1,
        "ordered_at": "2026-01-01",
    },
    "ebay.override": lambda place: {
        "kind": "fixed",
        "listing_id": place.id("ebay.listing"),
    },
    "ebay.policy": lambda place: {
        "marketplace_id": place.id("ebay.marketplace"),
        "kind": "payment",
        "policy_ref": "1",
        "name": "Cash",
    },
    "ebay.price.rule": _plain(markup=5.0),
    "ebay.public.key": _plain(
        host="api.sandbox.ebay.com", key_ref="0c8d6e9e-0000-4000-8000-000000000000"
    ),
    "ebay.push.feed": _plain(),
    "ebay.schedule": lambda place: place.account.schedule_ids[:1],
    "ebay.shipment": lambda place: {"sale_order_id": place.id("sale.order")},
    "ebay.shipment.line": lambda place: {
        "shipment_id": place.id("ebay.shipment"),
        "sale_line_id": place.id("sale.order.line"),
        "line_item_ref": "1",
        "quantity": 1,
    },
    "ebay.shipping.service": _plain(code="DE_DHLPaket"),
    "ebay.subscription": _plain(topic="MATRIX"),
    "ebay.sync.log": _plain(flow="orders_in", state="done"),
    "ebay.sync.log.line": lambda place: {
        "log_id": place.id("ebay.sync.log"),
        "action": "created",
    },
    "ebay.takeover": _plain(),
    "ebay.takeover.line": lambda place: {
        "takeover_id": place.id("ebay.takeover"),
        "listing_id": place.id("ebay.listing"),
        "product_id": place.id("product.product"),
    },
    "ebay.tax.rule": lambda place: {
        "country_id": place.env.ref("base.de").id,
        "tax_id": place.id("account.tax"),
    },
    "ebay.token": _token,
    # Odoo's that the addon puts fields on
    "res.country": lambda place: place.env.ref("base.de"),
    "res.partner": _of_company(ebay_username=BUYER),
    "sale.order": _sale,
    "sale.order.line": lambda place: place.row("sale.order").order_line[:1],
    # what a row of the addon's may name
    "account.fiscal.position": _of_company(),
    "account.journal": _of_company(type="general", code="MTRX"),
    "account.payment.term": _of_company(),
    "account.tax": _tax,
    "crm.team": _of_company(),
    "delivery.carrier": lambda place: {
        "name": f"Matrix {place.name}",
        "company_id": place.company.id,
        "product_id": place.id("product.product"),
    },
    "product.pricelist": _of_company(),
    "product.product": _of_company(),
    "product.template": _of_company(),
    "res.company": lambda place: place.company,
    "res.users": lambda place: {
        "name": f"Matrix {place.name}",
        "login": f"matrix_{place.name}",
        "company_id": place.company.id,
        "company_ids": [Command.set(place.company.ids)],
    },
    "stock.location": _of_company(usage="internal"),
    "stock.picking": lambda place: {
        "picking_type_id": place.row("stock.warehouse").out_type_id.id,
        "company_id": place.company.id,
    },
    "stock.warehouse": lambda place: place.env["stock.warehouse"].search(
        [("company_id", "=", place.company.id)], limit=1
    ),
}
