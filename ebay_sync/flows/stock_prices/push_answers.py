"""What eBay answered for each item sent, recorded at the listing."""

from datetime import timedelta

from odoo import fields

from ...ebay_api.errors import EbayError, Rejected
from ...mapping.listings.inventory import map_offers

# Busy or broken on eBay's side: minutes until the next attempt, by attempts so far.
RETRY_MINUTES = (1, 2, 5, 15, 30, 60)
TELL_AFTER_TRIES = 6
# Not now, but tomorrow: revised too often today (Inventory API, Trading API).
TOMORROW = frozenset({"25019", "240"})
# The listing has ended or is somebody else's: the mirror finds out.
GONE = frozenset({"17", "35", "291", "1047"})
# Moved to the Inventory API in the meantime, or its offer is not what we thought.
CONVERTED = frozenset({"21919474"})
OFFER_LOST = frozenset({"25702", "25710", "25713"})
LONGEST_WORDS = 400


class PushAnswers:
    """Collects the outcome of the rows of a batch and writes it in one go."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self._lines = []

    # -- by API ------------------------------------------------------------------

    def of_bulk(self, rows, by_id, entries, reply):
        """Answers of bulkUpdatePriceQuantity: one per offer, and one per SKU.

        A row that no entry names has an unknown outcome: it stays unsettled.
        """
        offers = {entry.offer_id: entry for entry in entries if entry.offer_id}
        items = {entry.sku: entry for entry in entries if not entry.offer_id}
        for row in rows:
            change = by_id[row.id]
            item = items.get(row.sku)
            entry = offers.get(row.offer_ref)
            if item is not None and not item.ok and change.quantity is not None:
                entry = item
            if entry is None:
                self._later(row, self.env._("eBay's answer does not name it."), reply)
            elif entry.ok:
                self.taken(row, change, reply.request_id)
            elif entry.retryable:
                self._later(row, _words(entry.errors), reply)
            else:
                ids = {error.error_id for error in entry.errors}
                self._refused(row, change, ids, _words(entry.errors), reply.request_id)

    def of_revision(self, rows, by_id, reply):
        """Answers of ReviseInventoryStatus; returns the rows it did not accept.

        eBay says which it took, and not which error belongs to which other one.
        """
        named = {
            (entry.get("ItemID"), entry.get("SKU") or "")
            for entry in reply.get("InventoryStatus") or []
            if isinstance(entry, dict)
        }
        left = rows.browse()
        for row in rows:
            keys = {(row.listing_ref, row.sku or "")}
            if not row.is_variation:
                keys |= {key for key in named if key[0] == row.listing_ref}
            if keys & named:
                self.taken(row, by_id[row.id], reply.request_id)
            else:
                left |= row
        if left and len(rows) == 1:
            errors = reply.errors
            ids = {error.error_id for error in errors}
            self._refused(rows, by_id[rows.id], ids, _words(errors), reply.request_id)
        return left

    def of_upload(self, row, change, result, answer):
        """The outcome of one entry of an uploaded file."""
        if result.ok:
            self.taken(row, change, answer.request_id)
        elif result.retryable:
            self._later(row, _words(result.errors), answer)
        else:
            ids = {error.error_id for error in result.errors}
            self._refused(row, change, ids, _words(result.errors), answer.request_id)

    def refused(self, row, change, error):
        """A call for this row alone was refused."""
        self._refused(
            row, change, set(error.error_ids), str(error), error.request_id or ""
        )

    # -- verdicts ----------------------------------------------------------------

    def taken(self, row, change, request_id):
        """eBay shows what was sent."""
        now = fields.Datetime.now()
        values = {
            "push_attempts": 0,
            "push_next_try_at": False,
            "push_request_ref": request_id or False,
        }
        changes = {}
        if change.quantity is not None:
            changes["quantity"] = [row.quantity, change.quantity]
            values |= {
                "quantity": change.quantity,
                "quantity_acked": change.quantity,
                "quantity_acked_at": now,
                "quantity_unsettled": False,
                "quantity_refused": -1,
            }
        if change.price is not None:
            changes["price"] = [row.price, float(change.price)]
            values |= {
                "price": float(change.price),
                "price_acked": float(change.price),
                "price_acked_at": now,
                "price_unsettled": False,
                "price_refused": 0.0,
            }
        if row.push_error:
            values["push_error"] = False
            row._close_push_issues()
        row.write(values)
        self.run.counts["updated"] += 1
        self._line("updated", row, changes=changes, request_id=request_id)

    def _refused(self, row, change, error_ids, words, request_id):
        if error_ids & GONE:
            self._gone(row, words, request_id)
        elif error_ids & CONVERTED:
            self._converted(row)
        elif error_ids & OFFER_LOST and row.owner == "inventory":
            row.write({"offer_ref": False})
            self._later(row, words)
        elif error_ids & TOMORROW:
            self.too_often(row, words)
        else:
            self._for_good(row, change, words, request_id)

    def _for_good(self, row, change, words, request_id):
        """eBay does not accept this value: a person has to look."""
        values = {
            "push_error": words[:LONGEST_WORDS],
            "push_request_ref": request_id or False,
            "push_attempts": row.push_attempts + 1,
        }
        if change.quantity is not None:
            values |= {
                "quantity_refused": change.quantity,
                "quantity_unsettled": False,
            }
        if change.price is not None:
            values |= {"price_refused": float(change.price), "price_unsettled": False}
        row.write(values)
        self._failed(row, words, request_id)
        self._raise("push_refused", row, words=words[:LONGEST_WORDS])

    def _later(self, row, words, reply=None):
        """eBay was busy or at fault: again after a growing delay, unsettled."""
        tries = row.push_attempts + 1
        minutes = RETRY_MINUTES[min(tries, len(RETRY_MINUTES)) - 1]
        at = fields.Datetime.now() + timedelta(minutes=minutes)
        row.write(
            {
                "push_attempts": tries,
                "push_next_try_at": at,
                "push_error": words[:LONGEST_WORDS],
                "push_request_ref": getattr(reply, "request_id", "") or False,
            }
        )
        self._failed(row, words, getattr(reply, "request_id", ""))
        self.account._wake(self.run.flow._flow_name, at=at)
        if tries >= TELL_AFTER_TRIES:
            self._raise("push_failing", row, words=words[:LONGEST_WORDS], tries=tries)

    def _gone(self, row, words, request_id):
        """No issue: an ended listing is left alone. The mirror reads it again."""
        at = fields.Datetime.now() + timedelta(hours=1)
        row.write(
            {
                "details_wanted": True,
                "push_next_try_at": at,
                "quantity_unsettled": False,
                "price_unsettled": False,
            }
        )
        self._failed(row, words, request_id)
        self.account._wake("listings_in")

    def _converted(self, row):
        """It belongs to the Inventory API now: its offer is looked up next time."""
        row.write({"owner": "inventory", "offer_ref": False, "push_next_try_at": False})
        self._line("updated", row, changes={"owner": ["trading", "inventory"]})
        self.account._wake(self.run.flow._flow_name)

    def too_often(self, row, words=""):
        """The day's revisions are used up: tomorrow (UTC)."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        at = fields.Datetime.to_datetime(tomorrow) + timedelta(minutes=5)
        words = words or self.env._(
            "It has been revised as often as eBay allows in a day."
        )
        row.write({"push_next_try_at": at, "push_error": words[:LONGEST_WORDS]})
        self._failed(row, words)
        self._raise("push_too_often", row, words=words[:LONGEST_WORDS])

    def nameless(self, row):
        """eBay takes a variation's quantity by its SKU, and this one has none."""
        words = self.env._(
            "A variation without a SKU cannot be changed through eBay's API."
        )
        at = fields.Datetime.now() + timedelta(days=1)
        row.write({"push_next_try_at": at, "push_error": words})
        self._failed(row, words)
        self._raise("push_without_sku", row)

    # -- offers ------------------------------------------------------------------

    def find_offers(self, sku, rows):
        """Look up the offers of one SKU; without any, Trading owns the listing."""
        found = {}
        with self.run.record() as tried:
            for reply in self.run.client.inventory.offer_pages(sku):
                found |= {o.listing_ref: o.offer_ref for o in map_offers(reply)}
        error = tried.error
        if error and not (isinstance(error, Rejected) and error.not_found):
            for row in rows:
                self._later(row, str(error), error)
            return
        for row in rows:
            if row.listing_ref in found:
                row.offer_ref = found[row.listing_ref]
            else:
                row.write({"owner": "trading", "details_wanted": True})
                self._later(row, self.env._("Its offer cannot be found."))

    # -- the log and the inbox ---------------------------------------------------

    def _failed(self, row, words, request_id=""):
        self.run.counts["failed"] += 1
        self._line("failed", row, message=words[:LONGEST_WORDS], request_id=request_id)

    def _line(self, action, row, changes=None, message=False, request_id=""):
        self._lines.append(
            {
                "log_id": self.run.log_sudo.id,
                "action": action,
                "res_model": row._name,
                "res_id": row.id,
                "changes": changes or False,
                "message": message,
                "request_ref": request_id or False,
            }
        )

    def write_down(self):
        """Put the batch's lines into the log."""
        # sudo: nobody may write the log by hand
        self.env["ebay.sync.log.line"].sudo().create(self._lines)
        self._lines = []

    def _raise(self, code, row, **details):
        self.env["ebay.issue"]._raise(
            self.account,
            code,
            record=row,
            title=row.display_name,
            listing_ref=row.listing_ref or "-",
            **details,
        )


def _words(errors):
    """eBay's own words."""
    return "; ".join(
        f"{error.text} ({error.error_id})" if error.text else error.error_id
        for error in errors
    ) or str(EbayError.default_message)
