"""Where other addons join in when an inbox entry is put into words.

See ``docs/extending.md``; names, arguments and meaning are stable.
"""

from odoo import api, models


class EbayHookInbox(models.AbstractModel):
    """The texts of inbox entries."""

    _name = "ebay.hook.inbox"
    _description = "eBay: doors for other addons, inbox"

    @api.model
    def _prepare_issue_texts(self, texts, *, code, details, account):
        """``{"summary", "advice"}`` of an entry, in the reader's language.

        ``code`` says what happened, ``details`` are the values that the sentences speak
        of. Called each time somebody looks: read nothing that takes long.
        """
        return texts
