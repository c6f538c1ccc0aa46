"""What the simulator offers beyond what the client uses, asked without the client."""

from __future__ import annotations

from contract.simulation import Simulation
from ebay_api.client import EbayClient

from .frame import story

KEYS = "https://apiz.ebay.com/developer/key_management/v1/signing_key"
ACCOUNT = "https://api.ebay.com/sell/account/v1"
INVENTORY = "https://api.ebay.com/sell/inventory/v1"
METADATA = "https://api.ebay.com/sell/metadata/v1/marketplace/EBAY_DE"
NOTIFICATION = "https://api.ebay.com/commerce/notification/v1"


@story
def signing_keys(client: EbayClient, shop: Simulation) -> None:
    """Keys are made once and listed ever after, without their private half."""
    made = shop.ask("POST", KEYS, {"signingKeyCipher": "RSA"}, as_app=True).json()
    listed = shop.ask("GET", KEYS, as_app=True).json()["signingKeys"]
    assert made["signingKeyId"] in {one["signingKeyId"] for one in listed}
    shown = shop.ask("GET", f"{KEYS}/{made['signingKeyId']}", as_app=True).json()
    assert "privateKey" not in shown
    assert shop.ask("GET", f"{KEYS}/nothing", as_app=True).status_code >= 400
    assert shop.ask("POST", KEYS, {"signingKeyCipher": "DSA"}, as_app=True).status_code


@story
def rest_of_account(client: EbayClient, shop: Simulation) -> None:
    """Policies by name, changed and deleted; programs and the seller's standing."""
    for kind in ("fulfillment", "payment", "return"):
        url = f"{ACCOUNT}/{kind}_policy"
        listed = shop.ask("GET", f"{url}?marketplace_id=EBAY_DE").json()
        policy = listed[f"{kind}Policies"][0]
        name, key = policy["name"].replace(" ", "%20"), policy[f"{kind}PolicyId"]
        query = f"marketplace_id=EBAY_DE&name={name}"
        assert shop.ask("GET", f"{url}/get_by_policy_name?{query}").ok
        fixed = (f"{kind}PolicyId", "warnings")
        wish = {k: value for k, value in policy.items() if k not in fixed}
        assert shop.ask("PUT", f"{url}/{key}", {**wish, "description": "New"}).ok
        slash = "/" if kind == "fulfillment" else ""
        twin = shop.ask("POST", url + slash, {**wish, "name": f"Twin of {kind}"}).json()
        assert shop.ask("DELETE", f"{url}/{twin[f'{kind}PolicyId']}").status_code == 204
        assert shop.ask("DELETE", f"{url}/1").status_code >= 400
    program = {"programType": "OUT_OF_STOCK_CONTROL"}
    shop.ask("POST", f"{ACCOUNT}/program/opt_out", program)
    shop.ask("GET", f"{ACCOUNT}/kyc")
    shop.ask("GET", f"{ACCOUNT}/subscription")
    shop.ask("GET", f"{ACCOUNT}/rate_table?country_code=DE")
    shop.ask("GET", f"{ACCOUNT}/payments_program/EBAY_DE/EBAY_PAYMENTS/onboarding")


@story
def rest_of_inventory(client: EbayClient, shop: Simulation) -> None:
    """Compatible vehicles of an item; where the stock of a listing lies."""
    row = next(client.inventory.item_pages(limit=1))["inventoryItems"][0]
    url = f"{INVENTORY}/inventory_item/{row['sku']}/product_compatibility"
    shop.ask("GET", url)
    family = {"make": "Fiat", "model": "Panda", "year": "2004"}
    fits = [{"name": name, "value": value} for name, value in family.items()]
    wish = {"compatibleProducts": [{"compatibilityProperties": fits, "notes": "x"}]}
    shop.ask("PUT", url, wish)
    shop.ask("GET", url)
    shop.ask("DELETE", url)
    shop.ask("DELETE", url)
    offer = next(client.inventory.offer_pages(row["sku"]))["offers"][0]
    listing_id = offer.get("listing", {}).get("listingId", "1")
    url = f"{INVENTORY}/listing/{listing_id}/sku/{row['sku']}/locations"
    shop.ask("GET", url)
    place = {"merchantLocationKey": offer["merchantLocationKey"]}
    shop.ask("PUT", url, {"locations": [place]})
    shop.ask("GET", url)
    shop.ask("DELETE", url)


@story
def rest_of_the_small_ones(client: EbayClient, shop: Simulation) -> None:
    """Two more policies of Metadata, filters of subscriptions."""
    for name in ("listing_type", "negotiated_price"):
        shop.ask("GET", f"{METADATA}/get_{name}_policies", as_app=True)
    url = f"{NOTIFICATION}/subscription/404/filter"
    wish = {"filterSchema": {"type": {}}}
    assert shop.ask("POST", url, wish, as_app=True).status_code >= 400
    assert shop.ask("GET", f"{url}/1", as_app=True).status_code >= 400
    assert shop.ask("DELETE", f"{url}/1", as_app=True).status_code >= 400
