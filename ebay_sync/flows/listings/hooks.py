"""Where other addons join in while listings look for their products.

See ``docs/extending.md``; names, arguments and meaning are stable.
"""

from odoo import api, models


class EbayHookListings(models.AbstractModel):
    """Which product a listing sells, before it is linked."""

    _name = "ebay.hook.listings"
    _description = "eBay: doors for other addons, listings"

    @api.model
    def _prepare_link_decisions(self, decisions, *, wanted, account):
        """What has been decided of a batch of listings (up to 2,000).

        ``decisions`` and ``wanted`` are dicts by listing id, with a ``Decision`` and a
        ``Wanted`` of ``mapping/listings/matching.py``. Returns ``decisions``, changed
        where this addon knows better. One without a product suggests or waits.
        """
        return decisions
