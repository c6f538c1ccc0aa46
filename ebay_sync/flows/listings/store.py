"""Snapshots of listings -> rows of ``ebay.listing``, a page at a time.

One search and one create per page; written is only what differs, and what differs goes
into the log as before -> after.
"""

from datetime import timedelta
from functools import cached_property

from odoo import fields
from odoo.tools import SQL

from ...mapping.listings.listing import ENDED, guess_marketplace
from ...private_log import added_once
from ..engine.run import naive_utc
from ..orders.lines_of_listings import OF_LISTING

# Facts that only fill a gap: another source knows them better.
GAP_FILLERS = {"gallery_urls": "picture_urls", "item_title": "title"}
# What a listing is matched by: after a change it may match another product.
IDENTITY = {"sku", "barcode", "title", "variation_ref", "item_specifics"}
# Floats of up to four decimals, as PostgreSQL and Python hand them back.
FLOAT_NOISE = 0.00005
LONGEST_LOGGED = 120
# A list left out variations: eBay is asked in full, for so many listings a run; where
# it said that they live, once in a while only.
MOST_DOUBTED = 20
DOUBTED_AGAIN = timedelta(days=3)
# What does not deserve a line in the log when it changes.
QUIET = {"changed_at", "active", "is_variation", "detailed_at", "details_wanted"}


class ListingStore:
    """Writes what eBay says of one account's listings."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"].with_context(active_test=False)
        self.created = self.Listing
        self.doubted = set()

    # -- in ----------------------------------------------------------------------

    def store(self, snapshots, as_of=None, **extra):
        """Let the rows show these snapshots; returns the rows that they name.

        What was reported as of an earlier moment does not touch what was learned since.
        ``extra`` are values for every row that is named (``detailed_at``, for one).
        """
        by_ref = {snapshot.listing_ref: snapshot for snapshot in snapshots}
        known = self._rows([("listing_ref", "in", list(by_ref))]).grouped("listing_ref")
        pairs, new, unnamed = [], [], self.Listing
        for ref, snapshot in by_ref.items():
            rows = known.get(ref, self.Listing)
            units = () if _hides_variations(rows, snapshot) else snapshot.units
            matched, left = _match(rows, units)
            for unit in units:
                row = matched.get(unit)
                if row and as_of and _heard_since(row, as_of):
                    unnamed |= row
                    continue
                values = {**self._values(unit, row), **extra}
                if row:
                    pairs.append((row, values))
                else:
                    new.append({**values, "listing_ref": ref})
            absent = self.Listing.union(*(row for row in left if row.active))
            if snapshot.complete or snapshot.over:
                pairs += [(row, self._ended()) for row in absent]
                continue
            unnamed |= absent
            if not snapshot.nameless:
                self._doubt(ref, absent)
        self._write(pairs)
        self._notice_hands([row for row, values in pairs if "quantity" in values])
        seen = self.Listing.browse(row.id for row, _values in pairs)
        return seen | unnamed | self._create(new)

    def _doubt(self, ref, rows):
        """Have eBay asked whether these variations, missing from a list, are gone."""
        now = fields.Datetime.now()
        rows = rows.filtered(
            lambda row: not row.doubted_at or row.doubted_at < now - DOUBTED_AGAIN
        )
        if rows and (ref in self.doubted or len(self.doubted) < MOST_DOUBTED):
            self.doubted.add(ref)
            rows.write({"details_wanted": True, "doubted_at": now})

    def add_item_facts(self, items):
        """Let the rows show what the Inventory API says of their SKUs."""
        by_sku = {item.sku: item for item in items}
        rows = self._rows([("sku", "in", list(by_sku)), ("active", "=", True)])
        self._write(
            [
                (row, {**self._field_values(by_sku[row.sku].facts, row), **made})
                for sku, group in rows.grouped("sku").items()
                for row, made in self._made_with_inventory(group)
            ]
        )
        return rows

    def _made_with_inventory(self, rows):
        """Which of the rows with one SKU are the Inventory API's.

        A single one is, unless eBay took something for it through Trading: then there
        is an item of that SKU, but its offers are not published as this listing. Of
        several only an offer can tell, which is asked for later.
        """
        for row in rows:
            tradings = row.owner == "trading" and (
                (row.quantity_sent_at and row.quantity_acked_at)
                or (row.price_sent_at and row.price_acked_at)
            )
            alone = len(rows) == 1 and not tradings
            yield row, {"owner": "inventory"} if alone else {}

    def set_ended(self, rows):
        """eBay no longer has them."""
        self._write([(row, self._ended()) for row in rows])

    # -- rows --------------------------------------------------------------------

    def _rows(self, domain):
        return self.Listing.search([("account_id", "=", self.account.id), *domain])

    def _create(self, vals_list):
        stamp = fields.Datetime.now()
        rows = self.Listing.create(
            [
                {"account_id": self.account.id, "changed_at": stamp, **vals}
                for vals in vals_list
            ]
        )
        self.run.counts["seen"] += len(rows)
        self.run.counts["created"] += len(rows)
        self.run.lines("created", rows)
        self.created |= rows
        return rows

    def _write(self, pairs):
        stamp = fields.Datetime.now()
        written, shown = [], []
        for row, values in pairs:
            before = {name: row[name] for name in values}
            after = {
                name: value
                for name, value in values.items()
                if _differs(row, name, value)
            }
            self.run.counts["seen"] += 1
            self.run.counts["updated" if after else "unchanged"] += 1
            if not after:
                continue
            if IDENTITY & set(after):
                after["link_checked_at"] = False
            if "quantity" in after and row.stock_master == "ebay":
                after["stock_pending"] = True
            row.write({**after, "changed_at": stamp})
            changes = {
                name: [_shown(before[name]), _shown(row[name])]
                for name in before
                if name in after and name not in QUIET
            }
            written.append(row.id)
            shown.append(changes)
        self.run.lines("updated", self.Listing.browse(written), shown)

    def _notice_hands(self, rows):
        """Renew the date of numbers that are unchanged although eBay has sold since.

        Somebody put it back between two looks. ``push_conflicts.py`` settles it.
        """
        ids = [
            row.id
            for row in rows
            if row.stock_master == "odoo"
            and row.quantity_acked_at
            and not row.quantity_unsettled
            and (not row.changed_at or row.changed_at <= row.quantity_acked_at)
        ]
        if not ids:
            return
        self.Listing.flush_model()
        self.env["ebay.order.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ebay_listing listing SET changed_at = %s
                 WHERE id = ANY(%s) AND COALESCE(quantity, 0) <> GREATEST(0,
                       COALESCE(quantity_acked, 0) - COALESCE((
                           SELECT sum(line.quantity) FROM ebay_order_line line
                            WHERE %s AND line.ordered_at > quantity_acked_at), 0))
                """,
                fields.Datetime.now(),
                ids,
                OF_LISTING,
            )
        )
        if self.env.cr.rowcount:
            self.Listing.invalidate_model(["changed_at"], flush=False)

    # -- values ------------------------------------------------------------------

    def _values(self, unit, row=None):
        values = self._field_values(unit.facts, row)
        values["sku"] = unit.sku or False
        if unit.variation_ref:
            values["variation_ref"] = unit.variation_ref
            values["is_variation"] = True
        if row is None or not row.marketplace_id:
            self._place(values)
        return values

    def _field_values(self, facts, row=None):
        """Facts with codes -> field values with ids."""
        values = dict(facts)
        for gap, name in GAP_FILLERS.items():
            filler = values.pop(gap, None)
            if filler and name not in values and not (row and row[name]):
                values[name] = filler
        if "marketplace" in values:
            values["marketplace_id"] = self._marketplace(values.pop("marketplace")).id
        if "currency" in values:
            code = values.pop("currency")
            values["currency_id"] = self._currencies.get(code, False)
        if values.get("ended_at"):
            values["ended_at"] = naive_utc(values["ended_at"])
        for name in ("price", "weight"):
            if name in values:
                values[name] = float(values[name])
        if "state" in values:
            values["active"] = values["state"] != ENDED
            if values["active"]:
                values["ended_at"] = False
            else:
                values["quantity"] = 0  # nobody can buy it now
        return values

    def _ended(self):
        return {
            "state": ENDED,
            "active": False,
            "quantity": 0,
            "ended_at": fields.Datetime.now(),
        }

    def _place(self, values):
        """The marketplace if eBay did not name it: the only one possible."""
        if values.get("marketplace_id"):
            return
        currency = self.env["res.currency"].browse(values.get("currency_id")).name
        code = guess_marketplace(
            currency,
            [(place.code, place.currency_name) for place in self._served],
        )
        if code:
            values["marketplace_id"] = self._marketplace(code).id

    @cached_property
    def _served(self):
        return self.account._served_marketplaces()

    @cached_property
    def _marketplaces(self):
        found = self.env["ebay.marketplace"].with_context(active_test=False).search([])
        return {place.code: place for place in found}

    def _marketplace(self, code):
        """eBay's marketplace, added to the list if it is new."""
        if code not in self._marketplaces:
            with added_once(self.env):
                self._marketplaces[code] = self.env["ebay.marketplace"].create(
                    {"code": code, "name": code}
                )
        return self._marketplaces[code]

    @cached_property
    def _currencies(self):
        found = self.env["res.currency"].with_context(active_test=False).search([])
        return {currency.name: currency.id for currency in found}


def _match(rows, units):
    """Which row each unit is: ({unit's key: row}, the rows left over).

    First by SKU, then by what varies, so that one of the two may be renamed; last
    because a listing without variations is one row, whatever its SKU becomes.
    """
    left = dict.fromkeys(rows)
    matched = {}

    def take(keys_of_unit, key_of_row):
        index = {}
        for row in left:
            index.setdefault(key_of_row(row), row)
        for unit in units:
            key = keys_of_unit(unit)
            if unit not in matched and key and index.get(key) in left:
                matched[unit] = index[key]
                del left[index[key]]

    take(lambda u: u.sku and (u.sku, u.variation_ref), _sku_and_variation)
    take(lambda u: u.sku, lambda row: row.sku)
    take(lambda u: u.variation_ref, lambda row: row.variation_ref)
    if len(units) == 1 and not units[0].variation_ref and not matched:
        single = [row for row in left if not row.variation_ref]
        if len(single) == 1:
            matched[units[0]] = single[0]
            del left[single[0]]
    return matched, left


def _hides_variations(rows, snapshot):
    """Whether a list shows as one thing what is known to have variations."""
    if snapshot.complete or snapshot.varies:
        return False
    return any(row.is_variation and row.active for row in rows)


def _heard_since(row, moment):
    """Whether eBay reported or accepted something for a row since then."""
    told = (row.changed_at, row.quantity_acked_at, row.price_acked_at)
    return any(at and at > moment for at in told)


def _sku_and_variation(row):
    return row.sku and (row.sku, row.variation_ref)


def _differs(row, name, after):
    before = row[name]
    field = row._fields[name]
    if field.type == "many2one":
        return before.id != (after or False)
    if field.type in ("monetary", "float"):
        return abs(before - (after or 0)) >= FLOAT_NOISE
    return (before or after) and before != after


def _shown(value):
    """A value as the log keeps it."""
    if hasattr(value, "_name"):
        return value.display_name or False
    if isinstance(value, (bool, int, float)):
        return value
    text = str(value) if value is not None else ""
    return text if len(text) <= LONGEST_LOGGED else f"{text[:LONGEST_LOGGED]}..."
