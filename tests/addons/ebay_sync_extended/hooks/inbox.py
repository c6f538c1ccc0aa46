from odoo import models


class EbayHookInbox(models.AbstractModel):
    _inherit = "ebay.hook.inbox"

    def _prepare_issue_texts(self, texts, *, code, details, account):
        texts = super()._prepare_issue_texts(
            texts, code=code, details=details, account=account
        )
        if code == "product_missing":
            texts["summary"] = f"{account.name} lacks {details['sku']}"
            texts["advice"] += " Ask Anna."
        return texts
