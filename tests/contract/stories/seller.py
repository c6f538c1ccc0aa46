"""Who the seller is, and what eBay tells about accounts, categories and quotas."""

from __future__ import annotations

import io

from contract.simulation import Simulation
from ebay_api.client import EbayClient
from ebay_api.errors import AuthError, Forbidden
from ebay_api.scopes import scopes_for

from .frame import refused, story


@story
def oauth(client: EbayClient, shop: Simulation) -> None:
    """Consent, refresh, application token, revocation; and what eBay refuses."""
    code = shop.consent()
    token = shop.oauth.exchange_code(code, scopes_for())
    assert token.refresh_token
    refused(lambda: shop.oauth.exchange_code(code), AuthError)
    assert shop.oauth.refresh(token.refresh_token).access_token != token.access_token
    shop.oauth.refresh(token.refresh_token, scopes_for(["identity"]))
    shop.oauth.app_token()
    shop.oauth.revoke(token.refresh_token)
    refused(lambda: shop.oauth.refresh(token.refresh_token), AuthError)
    refused(lambda: shop.oauth.app_token(["https://api.ebay.com/x"]), AuthError)


@story
def identity(client: EbayClient, shop: Simulation) -> None:
    """Who is the seller; nobody, with a dead token."""
    assert client.identity.get_user()["username"] == "sim_seller"
    alive, shop.tokens.user = shop.tokens.user, "dead"
    refused(client.identity.get_user, AuthError)
    shop.tokens.user = alive


@story
def payment_disputes(client: EbayClient, shop: Simulation) -> None:
    """Disputes are shown to who has that permission, and to nobody else."""
    ask = client.payment_disputes.get_payment_dispute_summaries
    assert refused(ask, Forbidden).has("1100")
    usual, code = shop.tokens.user, shop.consent("payment_disputes")
    shop.tokens.user = shop.oauth.exchange_code(code).access_token
    assert ask(limit=1)["total"] == 0
    assert refused(lambda: ask(limit=201)).has("33001")
    shop.tokens.user = usual


@story
def account(client: EbayClient, shop: Simulation) -> None:
    """Policies of all three kinds are made, read one by one and listed."""
    seller = client.account
    categories = [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}]
    common = {"marketplaceId": "EBAY_DE", "categoryTypes": categories}
    service = {
        "sortOrder": 1,
        "shippingCarrierCode": "DHL",
        "shippingServiceCode": "DE_DHLPaket",
        "shippingCost": {"value": "4.99", "currency": "EUR"},
        "freeShipping": False,
    }
    made = seller.create_fulfillment_policy(
        {
            **common,
            "name": "Contract shipping",
            "handlingTime": {"value": 1, "unit": "DAY"},
            "shippingOptions": [
                {
                    "optionType": "DOMESTIC",
                    "costType": "FLAT_RATE",
                    "shippingServices": [service],
                }
            ],
        }
    )
    seller.get_fulfillment_policy(made["fulfillmentPolicyId"])
    made = seller.create_payment_policy(
        {**common, "name": "Contract payment", "immediatePay": True}
    )
    seller.get_payment_policy(made["paymentPolicyId"])
    made = seller.create_return_policy(
        {
            **common,
            "name": "Contract returns",
            "returnsAccepted": True,
            "returnPeriod": {"value": 30, "unit": "DAY"},
            "returnShippingCostPayer": "BUYER",
            "refundMethod": "MONEY_BACK",
        }
    )
    seller.get_return_policy(made["returnPolicyId"])
    assert seller.get_fulfillment_policies("EBAY_DE")["fulfillmentPolicies"]
    seller.get_payment_policies()
    seller.get_return_policies("EBAY_PL")
    refused(lambda: seller.get_return_policies("EBAY_XX"))
    refused(lambda: seller.get_fulfillment_policy("1"))
    refused(lambda: seller.create_payment_policy({**common, "name": ""}))
    seller.get_privileges()
    seller.get_opted_in_programs()
    assert refused(lambda: seller.opt_in_to_program("SELLING_POLICY_MANAGEMENT")).has(
        "25803"
    )
    seller.opt_in_to_program("OUT_OF_STOCK_CONTROL")


@story
def taxonomy(client: EbayClient, shop: Simulation) -> None:
    """The tree of a marketplace, a branch of it, and the aspects of a leaf."""
    tree = client.taxonomy
    tree_id = tree.get_default_category_tree_id()["categoryTreeId"]
    leaf = node = tree.get_category_tree(tree_id)["rootCategoryNode"]
    branch = next(
        child["category"]["categoryId"]
        for child in node["childCategoryTreeNodes"]
        if not child.get("leafCategoryTreeNode")
    )
    while not leaf.get("leafCategoryTreeNode"):
        leaf = leaf["childCategoryTreeNodes"][0]
    leaf_id = leaf["category"]["categoryId"]
    tree.get_category_subtree(tree_id, branch)
    tree.get_category_suggestions(tree_id, leaf["category"]["categoryName"])
    tree.get_category_suggestions(tree_id, "qqqqqq")
    assert tree.get_item_aspects_for_category(tree_id, leaf_id)["aspects"]
    refused(lambda: tree.get_item_aspects_for_category(tree_id, branch))
    refused(lambda: tree.get_category_subtree(tree_id, "99999999"))
    refused(lambda: tree.get_category_tree("999"))
    refused(lambda: tree.get_default_category_tree_id("EBAY_XX"))
    tree.get_expired_categories(tree_id)
    tree.fetch_item_aspects(tree_id, io.BytesIO())
    pl = client.for_marketplace("EBAY_PL").taxonomy
    pl.get_category_tree(pl.get_default_category_tree_id()["categoryTreeId"])


@story
def metadata(client: EbayClient, shop: Simulation) -> None:
    """What the marketplace allows, for all categories and for some."""
    rules = client.metadata
    condition = rules.get_item_condition_policies()
    some = [row["categoryId"] for row in condition["itemConditionPolicies"][:3]]
    for ask in (
        rules.get_item_condition_policies,
        rules.get_listing_structure_policies,
        rules.get_category_policies,
        rules.get_regulatory_policies,
        rules.get_return_policies,
        rules.get_shipping_policies,
    ):
        ask()
        ask(some)
    rules.get_item_condition_policies(some, as_user=True)
    assert rules.get_currencies("EBAY_PL")["defaultCurrency"]["code"] == "PLN"
    refused(lambda: rules.get_currencies("EBAY_XX"))


@story
def analytics(client: EbayClient, shop: Simulation) -> None:
    """What is left of the quotas."""
    quotas = client.analytics
    assert quotas.get_rate_limits()["rateLimits"]
    quotas.get_rate_limits("sell", "fulfillment")
    assert not quotas.get_rate_limits("sell", "nothing")
    quotas.get_user_rate_limits()
    quotas.get_user_rate_limits("sell", "inventory")


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


@story
def media(client: EbayClient, shop: Simulation) -> None:
    """A picture from a file and one from an address."""
    pictures = client.media
    made = pictures.create_image_from_file(_PIXEL, "Größe 1.png", "image/png")
    pictures.get_image(made.created_id)
    pictures.create_image_from_url("https://shop.example/picture.jpg")
    refused(lambda: pictures.create_image_from_url("http://shop.example/picture.jpg"))
    refused(lambda: pictures.create_image_from_file(b"no picture", "x.txt"))
    refused(lambda: pictures.get_image("nothing"))
