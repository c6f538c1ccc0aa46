from odoo import fields, models
from odoo.exceptions import UserError

from ...flows.orders.partner import ADDRESS_FIELDS, same_place
from ...models.engine.ebay_access_mixin import USER

# What Odoo works out from a partner, and the order has from eBay and the account.
KEPT = (
    "pricelist_id",
    "fiscal_position_id",
    "payment_term_id",
    "user_id",
    "team_id",
    "warehouse_id",
    "note",
)


class EbayChoosePartner(models.TransientModel):
    """Say who bought, where eBay did not or where several partners may be meant."""

    _name = "ebay.choose.partner"
    _inherit = ["ebay.access.mixin"]
    _description = "Choose the partner of an eBay order"
    _account_path = "issue_id.account_id"
    _people_set = {USER: "partner_id"}
    _people_set_once = {USER: "issue_id"}

    issue_id = fields.Many2one("ebay.issue", required=True, ondelete="cascade")
    summary = fields.Char(related="issue_id.summary", related_sudo=False)
    advice = fields.Char(related="issue_id.advice", related_sudo=False)
    company_id = fields.Many2one(related="issue_id.company_id", related_sudo=False)
    buyer = fields.Char(
        "Buyer on eBay", related="issue_id.order_id.buyer_username", related_sudo=False
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )

    def action_choose(self):
        """The order and later ones of the buyer get this partner; what waits is built.

        To choose the placeholder itself says that it has been filled in.
        """
        self.ensure_one()
        issue, partner = self.issue_id, self.partner_id
        issue._must_ask_for("action_choose_partner")
        partner.check_access("read")
        # sudo: saying who bought is the fix that the inbox offers to every eBay user
        sale, partner = issue.sale_order_id.sudo(), partner.sudo()
        if not sale:
            raise UserError(self.env._("There is no sale order yet."))
        former = sale.partner_id
        sales = sale.search(
            [
                ("partner_id", "=", former.id),
                ("ebay_account_id", "=", issue.account_id.id),
                ("ebay_buyer", "=", sale.ebay_buyer),
                ("state", "!=", "cancel"),
            ]
        )
        if partner != former:
            self._remember(former, partner)
            for one in sales:
                self._take_over(one, former, partner)
            self._put_away(former)
        partner.ebay_is_placeholder = False
        orders = sales.ebay_order_id
        orders.issue_ids.filtered(
            lambda one: one.code in ("buyer_missing", "partner_ambiguous")
        )._close()
        orders.filtered(lambda one: one.state == "blocked").action_build_now()
        return {"type": "ir.actions.act_window_close"}

    def _remember(self, former, partner):
        """Later orders find the partner by the buyer's name on eBay."""
        names = {
            name: former[name]
            for name in ("ebay_username", "ebay_user_ref")
            if former[name]
        }
        for name, value in names.items():
            if partner[name] and partner[name] != value:
                raise UserError(
                    self.env._(  # without names: Odoo logs what it refuses
                        "This contact is already somebody else on eBay. Choose a "
                        "contact below it instead."
                    )
                )
        partner.write({**names, "customer_rank": max(partner.customer_rank, 1)})

    def _take_over(self, sale, former, partner):
        """The order is the partner's; where the parcel goes stays what eBay said."""
        invoice, delivery = sale.partner_invoice_id, sale.partner_shipping_id
        for child in (invoice | delivery) - former - partner:
            if child.parent_id == former:
                child.parent_id = partner
        if delivery == former:
            delivery = self._delivery_address(former, partner)
        sale = sale.with_context(update_delivery_shipping_partner=True)
        with self.env.protecting([sale._fields[name] for name in KEPT], sale):
            sale.write(
                {
                    "partner_id": partner.id,
                    "partner_invoice_id": (
                        partner if invoice == former else invoice
                    ).id,
                    "partner_shipping_id": delivery.id,
                }
            )

    def _delivery_address(self, former, partner):
        if not former.street or same_place(former, partner):
            return partner
        same = partner.child_ids.filtered(
            lambda child: child.type == "delivery" and same_place(child, former)
        )
        values = {
            name: former._fields[name].convert_to_write(former[name], former)
            for name in (*ADDRESS_FIELDS, "phone", "email")
        }
        if former.ebay_is_placeholder:
            values["name"] = partner.name
        robot = self.env.ref("ebay_sync.user_ebay_robot")
        # sudo: the partner has been checked (action_choose); and by the robot, as the
        # flow would have made it: what came from eBay goes with an erasure
        return same[:1] or partner.with_user(robot).sudo().create(
            {**values, "type": "delivery", "parent_id": partner.id}
        ).with_env(partner.env)

    def _put_away(self, former):
        """What was made for the order is archived, its contacts go with the buyer.

        It keeps the buyer's name: an erasure finds it by that, an order does not.
        """
        if former.create_uid == self.env.ref("ebay_sync.user_ebay_robot"):
            former.child_ids.parent_id = self.partner_id
            former.active = False
        else:
            former.write({"ebay_username": False, "ebay_user_ref": False})
