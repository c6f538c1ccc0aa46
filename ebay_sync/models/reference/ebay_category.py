from odoo import fields, models

from ...compat import sql_constraints
from ..account.ebay_account import ENVIRONMENTS


class EbayCategoryTree(models.Model):
    """One of eBay's category trees. All accounts of an environment share it.

    ``version`` is the version that is completely stored. While a newer one is being
    written the categories may be ahead of it, and they are compared again.
    """

    _name = "ebay.category.tree"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay category tree"
    _order = "environment, tree_ref"
    _people_set = {}

    locals().update(
        sql_constraints(
            environment_tree_uniq=(
                "UNIQUE(environment, tree_ref)",
                "This category tree is already stored.",
            )
        )
    )

    name = fields.Char(compute="_compute_name")
    environment = fields.Selection(ENVIRONMENTS, required=True, readonly=True)
    tree_ref = fields.Char(
        "eBay tree id", required=True, readonly=True, help="eBay's categoryTreeId."
    )
    version = fields.Char(
        readonly=True,
        help="eBay's categoryTreeVersion that is completely stored here.",
    )
    fetched_at = fields.Datetime("Last fetched", readonly=True)
    marketplace_ids = fields.Many2many(
        "ebay.marketplace",
        string="Marketplaces",
        readonly=True,
        help="The marketplaces whose default tree this is.",
    )
    category_count = fields.Integer("Categories", readonly=True)

    def _compute_name(self):
        for tree in self:
            places = ", ".join(tree.marketplace_ids.mapped("code"))
            tree.name = f"{places or '-'} ({tree.tree_ref})"

    def action_view_categories(self):
        """Open the tree's categories."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ebay_sync.ebay_category_action"
        )
        action["domain"] = [("tree_id", "=", self.id)]
        return action

    def action_refresh(self):
        """Button: compare the version with eBay's, in the background."""
        accounts = self.env["ebay.account"].search(
            [("environment", "in", self.mapped("environment"))]
        )
        places = self.marketplace_ids
        return accounts.filtered(
            lambda account: account._served_marketplaces() & places
        ).action_refresh_reference()


class EbayCategory(models.Model):
    """A category of a tree, at any depth.

    Never deleted: an expired one stays for what refers to it, with its successor where
    eBay names one. The names of a tree are in the language of its marketplace.
    """

    _name = "ebay.category"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay category"
    _parent_store = True
    _order = "tree_id, complete_name, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "category_ref"]

    locals().update(
        sql_constraints(
            tree_category_uniq=(
                "UNIQUE(tree_id, category_ref)",
                "This category is already stored.",
            )
        )
    )

    tree_id = fields.Many2one(
        "ebay.category.tree", required=True, readonly=True, ondelete="restrict"
    )
    category_ref = fields.Char(
        "eBay category id", required=True, readonly=True, help="eBay's categoryId."
    )
    name = fields.Char(required=True, readonly=True)
    complete_name = fields.Char(
        "Category", readonly=True, help="Including the names of all parent categories."
    )
    parent_id = fields.Many2one(
        "ebay.category", readonly=True, index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ebay.category", "parent_id", readonly=True)
    is_leaf = fields.Boolean(
        "Leaf", readonly=True, help="Items can be listed in leaf categories only."
    )
    expired_at = fields.Datetime(
        "Expired", readonly=True, help="When it was found to be missing from the tree."
    )
    successor_id = fields.Many2one(
        "ebay.category",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The category with which eBay replaced an expired one.",
    )
