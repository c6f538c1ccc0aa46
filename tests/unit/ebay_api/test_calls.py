"""Every method of every JSON API: what it sends, and the refusal of a read-only client.

One row per method; a test at the end makes sure that no method is left out.
"""

import inspect
import io
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from ebay_api.api import Api
from ebay_api.errors import ContractError, InvalidArgument, Rejected, WritesRefused
from ebay_api.feed import has_result, is_finished

INVENTORY = "/sell/inventory/v1"
ACCOUNT = "/sell/account/v1"
TAXONOMY = "/commerce/taxonomy/v1"
METADATA = "/sell/metadata/v1"
NOTIFICATION = "/commerce/notification/v1"
ANALYTICS = "/developer/analytics/v1_beta"
FEED = "/sell/feed/v1"
MEDIA = "/commerce/media/v1_beta"
BULK = {"responses": []}
BODY = {"some": "body"}


@dataclass
class Row:
    """A method and the one request it makes."""

    method: str
    verb: str
    path: str
    args: tuple = ()
    options: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    answer: dict = field(default_factory=dict)
    sends: object = None
    app: bool = False
    writes: bool = False

    @property
    def id(self):
        return self.method + ("_as_user" if self.options.get("as_user") else "")


def write(method, verb, path, *args, **more):
    return Row(method, verb, path, args, writes=True, **more)


ROWS = [
    Row(
        "identity.get_user",
        "GET",
        "/commerce/identity/v1/user/",
        answer={"userId": "u"},
    ),
    # inventory
    Row("inventory.get_item", "GET", f"{INVENTORY}/inventory_item/a%2Fb", ("a/b",)),
    Row(
        "inventory.item_pages",
        "GET",
        f"{INVENTORY}/inventory_item",
        query={"limit": "200", "offset": "0"},
        answer={"total": 0},
    ),
    write(
        "inventory.put_item",
        "PUT",
        f"{INVENTORY}/inventory_item/A",
        "A",
        BODY,
        sends=BODY,
    ),
    write("inventory.delete_item", "DELETE", f"{INVENTORY}/inventory_item/A", "A"),
    Row(
        "inventory.bulk_get_items",
        "POST",
        f"{INVENTORY}/bulk_get_inventory_item",
        (["A", "B"],),
        sends={"requests": [{"sku": "A"}, {"sku": "B"}]},
        answer=BULK,
    ),
    write(
        "inventory.bulk_put_items",
        "POST",
        f"{INVENTORY}/bulk_create_or_replace_inventory_item",
        [BODY],
        sends={"requests": [BODY]},
        answer=BULK,
    ),
    write(
        "inventory.bulk_update_price_quantity",
        "POST",
        f"{INVENTORY}/bulk_update_price_quantity",
        [BODY],
        sends={"requests": [BODY]},
        answer=BULK,
    ),
    write(
        "inventory.bulk_migrate_listings",
        "POST",
        f"{INVENTORY}/bulk_migrate_listing",
        ["1"],
        sends={"requests": [{"listingId": "1"}]},
        answer=BULK,
    ),
    Row("inventory.get_group", "GET", f"{INVENTORY}/inventory_item_group/G", ("G",)),
    write(
        "inventory.put_group",
        "PUT",
        f"{INVENTORY}/inventory_item_group/G",
        "G",
        BODY,
        sends=BODY,
    ),
    write(
        "inventory.delete_group", "DELETE", f"{INVENTORY}/inventory_item_group/G", "G"
    ),
    Row(
        "inventory.offer_pages",
        "GET",
        f"{INVENTORY}/offer",
        ("A",),
        {"marketplace_id": "EBAY_DE"},
        query={
            "sku": "A",
            "marketplace_id": "EBAY_DE",
            "limit": "100",
            "offset": "0",
        },
        answer={"offers": [{"offerId": "1"}], "total": 1},
    ),
    Row("inventory.get_offer", "GET", f"{INVENTORY}/offer/1", ("1",)),
    write(
        "inventory.create_offer",
        "POST",
        f"{INVENTORY}/offer",
        BODY,
        sends=BODY,
        answer={"offerId": "1"},
    ),
    write(
        "inventory.update_offer", "PUT", f"{INVENTORY}/offer/1", "1", BODY, sends=BODY
    ),
    write("inventory.delete_offer", "DELETE", f"{INVENTORY}/offer/1", "1"),
    write(
        "inventory.publish_offer",
        "POST",
        f"{INVENTORY}/offer/1/publish",
        "1",
        sends={},
        answer={"listingId": "110"},
    ),
    write(
        "inventory.withdraw_offer",
        "POST",
        f"{INVENTORY}/offer/1/withdraw",
        "1",
        sends={},
    ),
    write(
        "inventory.publish_group",
        "POST",
        f"{INVENTORY}/offer/publish_by_inventory_item_group",
        "G",
        "EBAY_DE",
        sends={"inventoryItemGroupKey": "G", "marketplaceId": "EBAY_DE"},
        answer={"listingId": "110"},
    ),
    write(
        "inventory.withdraw_group",
        "POST",
        f"{INVENTORY}/offer/withdraw_by_inventory_item_group",
        "G",
        "EBAY_DE",
        sends={"inventoryItemGroupKey": "G", "marketplaceId": "EBAY_DE"},
    ),
    write(
        "inventory.bulk_create_offers",
        "POST",
        f"{INVENTORY}/bulk_create_offer",
        [BODY],
        sends={"requests": [BODY]},
        answer=BULK,
    ),
    write(
        "inventory.bulk_publish_offers",
        "POST",
        f"{INVENTORY}/bulk_publish_offer",
        ["1"],
        sends={"requests": [{"offerId": "1"}]},
        answer=BULK,
    ),
    Row(
        "inventory.get_listing_fees",
        "POST",
        f"{INVENTORY}/offer/get_listing_fees",
        (["1"],),
        sends={"offers": [{"offerId": "1"}]},
    ),
    Row(
        "inventory.location_pages",
        "GET",
        f"{INVENTORY}/location",
        query={"limit": "100", "offset": "0"},
        answer={"total": 0},
    ),
    Row("inventory.get_location", "GET", f"{INVENTORY}/location/W", ("W",)),
    write(
        "inventory.create_location",
        "POST",
        f"{INVENTORY}/location/W",
        "W",
        BODY,
        sends=BODY,
    ),
    write(
        "inventory.update_location",
        "POST",
        f"{INVENTORY}/location/W/update_location_details",
        "W",
        BODY,
        sends=BODY,
    ),
    write(
        "inventory.enable_location",
        "POST",
        f"{INVENTORY}/location/W/enable",
        "W",
        sends={},
    ),
    write(
        "inventory.disable_location",
        "POST",
        f"{INVENTORY}/location/W/disable",
        "W",
        sends={},
    ),
    write("inventory.delete_location", "DELETE", f"{INVENTORY}/location/W", "W"),
    # account
    Row(
        "account.get_fulfillment_policies",
        "GET",
        f"{ACCOUNT}/fulfillment_policy",
        query={"marketplace_id": "EBAY_DE"},
        answer={"fulfillmentPolicies": []},
    ),
    Row(
        "account.get_payment_policies",
        "GET",
        f"{ACCOUNT}/payment_policy",
        ("EBAY_FR",),
        query={"marketplace_id": "EBAY_FR"},
        answer={"paymentPolicies": []},
    ),
    Row(
        "account.get_return_policies",
        "GET",
        f"{ACCOUNT}/return_policy",
        query={"marketplace_id": "EBAY_DE"},
        answer={"total": 0},
    ),
    Row(
        "account.get_fulfillment_policy",
        "GET",
        f"{ACCOUNT}/fulfillment_policy/7",
        ("7",),
    ),
    Row("account.get_payment_policy", "GET", f"{ACCOUNT}/payment_policy/7", ("7",)),
    Row("account.get_return_policy", "GET", f"{ACCOUNT}/return_policy/7", ("7",)),
    write(
        "account.create_fulfillment_policy",
        "POST",
        f"{ACCOUNT}/fulfillment_policy/",
        BODY,
        sends=BODY,
        answer={"fulfillmentPolicyId": "7"},
    ),
    write(
        "account.create_payment_policy",
        "POST",
        f"{ACCOUNT}/payment_policy",
        BODY,
        sends=BODY,
        answer={"paymentPolicyId": "7"},
    ),
    write(
        "account.create_return_policy",
        "POST",
        f"{ACCOUNT}/return_policy",
        BODY,
        sends=BODY,
        answer={"returnPolicyId": "7"},
    ),
    Row(
        "account.get_opted_in_programs",
        "GET",
        f"{ACCOUNT}/program/get_opted_in_programs",
    ),
    write(
        "account.opt_in_to_program",
        "POST",
        f"{ACCOUNT}/program/opt_in",
        "SELLING_POLICY_MANAGEMENT",
        sends={"programType": "SELLING_POLICY_MANAGEMENT"},
    ),
    Row("account.get_privileges", "GET", f"{ACCOUNT}/privilege"),
    # taxonomy
    Row(
        "taxonomy.get_default_category_tree_id",
        "GET",
        f"{TAXONOMY}/get_default_category_tree_id",
        query={"marketplace_id": "EBAY_DE"},
        answer={"categoryTreeId": "77"},
        app=True,
    ),
    Row(
        "taxonomy.get_category_tree",
        "GET",
        f"{TAXONOMY}/category_tree/77",
        ("77",),
        app=True,
    ),
    Row(
        "taxonomy.get_category_subtree",
        "GET",
        f"{TAXONOMY}/category_tree/77/get_category_subtree",
        ("77", "9"),
        query={"category_id": "9"},
        app=True,
    ),
    Row(
        "taxonomy.get_category_suggestions",
        "GET",
        f"{TAXONOMY}/category_tree/77/get_category_suggestions",
        ("77", "Bücher & mehr"),
        query={"q": "Bücher & mehr"},
        app=True,
    ),
    Row(
        "taxonomy.get_item_aspects_for_category",
        "GET",
        f"{TAXONOMY}/category_tree/77/get_item_aspects_for_category",
        ("77", "9"),
        query={"category_id": "9"},
        answer={"aspects": []},
        app=True,
    ),
    Row(
        "taxonomy.get_expired_categories",
        "GET",
        f"{TAXONOMY}/category_tree/77/get_expired_categories",
        ("77",),
        app=True,
    ),
    Row(
        "taxonomy.fetch_item_aspects",
        "GET",
        f"{TAXONOMY}/category_tree/77/fetch_item_aspects",
        ("77", io.BytesIO()),
        app=True,
    ),
    # metadata
    *(
        Row(
            f"metadata.{name}",
            "GET",
            f"{METADATA}/marketplace/EBAY_DE/{name}",
            (["1", "2"],),
            query={"filter": "categoryIds:{1|2}"},
            app=True,
        )
        for name in (
            "get_item_condition_policies",
            "get_listing_structure_policies",
            "get_category_policies",
            "get_regulatory_policies",
            "get_return_policies",
            "get_shipping_policies",
        )
    ),
    Row(
        "metadata.get_item_condition_policies",
        "GET",
        f"{METADATA}/marketplace/EBAY_FR/get_item_condition_policies",
        ((), "EBAY_FR"),
        {"as_user": True},
    ),
    Row(
        "metadata.get_currencies",
        "GET",
        f"{METADATA}/marketplace/EBAY_GB/get_currencies",
        ("EBAY_GB",),
        app=True,
    ),
    # notification
    Row("notification.get_config", "GET", f"{NOTIFICATION}/config", app=True),
    write(
        "notification.update_config",
        "PUT",
        f"{NOTIFICATION}/config",
        BODY,
        sends=BODY,
        app=True,
    ),
    Row(
        "notification.destination_pages",
        "GET",
        f"{NOTIFICATION}/destination",
        query={"limit": "100"},
        answer={"total": 0},
        app=True,
    ),
    Row(
        "notification.get_destination",
        "GET",
        f"{NOTIFICATION}/destination/d",
        ("d",),
        app=True,
    ),
    write(
        "notification.create_destination",
        "POST",
        f"{NOTIFICATION}/destination",
        BODY,
        sends=BODY,
        app=True,
    ),
    write(
        "notification.update_destination",
        "PUT",
        f"{NOTIFICATION}/destination/d",
        "d",
        BODY,
        sends=BODY,
        app=True,
    ),
    write(
        "notification.delete_destination",
        "DELETE",
        f"{NOTIFICATION}/destination/d",
        "d",
        app=True,
    ),
    Row(
        "notification.topic_pages",
        "GET",
        f"{NOTIFICATION}/topic",
        query={"limit": "100"},
        answer={"topics": []},
        app=True,
    ),
    Row("notification.get_topic", "GET", f"{NOTIFICATION}/topic/T", ("T",), app=True),
    Row(
        "notification.subscription_pages",
        "GET",
        f"{NOTIFICATION}/subscription",
        query={"limit": "100"},
        answer={"subscriptions": []},
        app=True,
    ),
    Row(
        "notification.get_subscription",
        "GET",
        f"{NOTIFICATION}/subscription/s",
        ("s",),
        app=True,
    ),
    write(
        "notification.create_subscription",
        "POST",
        f"{NOTIFICATION}/subscription",
        BODY,
        sends=BODY,
        app=True,
    ),
    write(
        "notification.create_subscription",
        "POST",
        f"{NOTIFICATION}/subscription",
        BODY,
        options={"as_user": True},
        sends=BODY,
    ),
    write(
        "notification.update_subscription",
        "PUT",
        f"{NOTIFICATION}/subscription/s",
        "s",
        BODY,
        sends=BODY,
        app=True,
    ),
    write(
        "notification.enable_subscription",
        "POST",
        f"{NOTIFICATION}/subscription/s/enable",
        "s",
        sends={},
        app=True,
    ),
    write(
        "notification.disable_subscription",
        "POST",
        f"{NOTIFICATION}/subscription/s/disable",
        "s",
        sends={},
        app=True,
    ),
    write(
        "notification.delete_subscription",
        "DELETE",
        f"{NOTIFICATION}/subscription/s",
        "s",
        app=True,
    ),
    write(
        "notification.test_subscription",
        "POST",
        f"{NOTIFICATION}/subscription/s/test",
        "s",
        options={"as_user": True},
        sends={},
    ),
    Row(
        "notification.get_public_key",
        "GET",
        f"{NOTIFICATION}/public_key/k",
        ("k",),
        answer={"key": "PEM"},
        app=True,
    ),
    # analytics
    Row(
        "analytics.get_rate_limits",
        "GET",
        f"{ANALYTICS}/rate_limit/",
        ("sell", "inventory"),
        query={"api_context": "sell", "api_name": "inventory"},
        app=True,
    ),
    Row("analytics.get_user_rate_limits", "GET", f"{ANALYTICS}/user_rate_limit/"),
    # feed
    Row(
        "feed.create_active_inventory_report",
        "POST",
        f"{FEED}/inventory_task",
        sends={
            "feedType": "LMS_ACTIVE_INVENTORY_REPORT",
            "schemaVersion": "1.0",
            "filterCriteria": {"listingFormat": "FIXED_PRICE"},
        },
    ),
    Row(
        "feed.get_inventory_task",
        "GET",
        f"{FEED}/inventory_task/t",
        ("t",),
        answer={"status": "QUEUED"},
    ),
    write(
        "feed.create_task",
        "POST",
        f"{FEED}/task",
        sends={"feedType": "LMS_REVISE_INVENTORY_STATUS", "schemaVersion": "1.0"},
    ),
    write(
        "feed.upload_file", "POST", f"{FEED}/task/t/upload_file", "t", b"<x/>", "q.xml"
    ),
    Row("feed.get_task", "GET", f"{FEED}/task/t", ("t",), answer={"status": "QUEUED"}),
    Row(
        "feed.download_result_file",
        "GET",
        f"{FEED}/task/t/download_result_file",
        ("t", io.BytesIO()),
    ),
    # media
    write(
        "media.create_image_from_file",
        "POST",
        f"{MEDIA}/image/create_image_from_file",
        b"JPEG",
        answer={"imageUrl": "https://i.test/1"},
    ),
    write(
        "media.create_image_from_url",
        "POST",
        f"{MEDIA}/image/create_image_from_url",
        "https://shop.test/1.jpg",
        sends={"imageUrl": "https://shop.test/1.jpg"},
        answer={"imageUrl": "https://i.test/1"},
    ),
    Row(
        "media.get_image",
        "GET",
        f"{MEDIA}/image/i",
        ("i",),
        answer={"imageUrl": "https://i.test/1"},
    ),
]
TESTED_ELSEWHERE = {"fulfillment", "trading"}


def run(client, row):
    api, _, name = row.method.partition(".")
    result = getattr(getattr(client, api), name)(*row.args, **row.options)
    return list(result) if inspect.isgenerator(result) else result


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_method_makes_its_request(client, ebay, row):
    ebay.add(row.verb, f"{ebay.base}{row.path}", json=row.answer)
    run(client, row)
    [sent] = [call.request for call in ebay.calls]
    parts = urlsplit(sent.url)
    assert parts.path == row.path
    assert dict(parse_qsl(parts.query)) == row.query
    owner = "app" if row.app else "user"
    assert sent.headers["Authorization"] == f"Bearer {owner}-token-1"
    if row.sends is not None:
        assert json.loads(sent.body) == row.sends
        assert sent.headers["Content-Type"] == "application/json"
    if row.path.startswith(INVENTORY):
        assert sent.headers["Accept-Language"] == "de-DE"
        assert sent.headers["Content-Language"] == "de-DE"
    if row.path.startswith(FEED):
        assert sent.headers["X-EBAY-C-MARKETPLACE-ID"] == "EBAY_DE"


@pytest.mark.parametrize("row", [r for r in ROWS if r.writes], ids=lambda r: r.id)
def test_a_read_only_client_refuses_before_sending(make_client, ebay, row):
    with pytest.raises(WritesRefused):
        run(make_client(read_only=True), row)
    assert len(ebay.calls) == 0


@pytest.mark.parametrize("row", [r for r in ROWS if not r.writes], ids=lambda r: r.id)
def test_a_read_only_client_reads(make_client, ebay, row):
    ebay.add(row.verb, f"{ebay.base}{row.path}", json=row.answer)
    run(make_client(read_only=True), row)


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r.answer and r.answer != {"total": 0}],
    ids=lambda r: r.id,
)
def test_an_answer_without_what_it_was_asked_for_is_an_error(client, ebay, row):
    ebay.add(row.verb, f"{ebay.base}{row.path}", json={"surprise": True})
    with pytest.raises(ContractError):
        run(client, row)


def test_no_method_is_left_out_and_each_names_its_operation(client):
    covered = {row.method for row in ROWS}
    for api, instance in vars(client).items():
        if not isinstance(instance, Api):
            continue
        for name, method in inspect.getmembers(instance, inspect.ismethod):
            if name.startswith("_"):
                continue
            assert re.search(r"^\s*eBay: [A-Za-z]+$", method.__doc__, re.MULTILINE), (
                name
            )
            if api not in TESTED_ELSEWHERE:
                assert f"{api}.{name}" in covered


def test_inventory_pages_count_pages_where_locations_count_rows(client, ebay):
    items, locations = f"{ebay.base}{INVENTORY}/inventory_item", None
    ebay.get(items, json={"total": 3, "inventoryItems": [{"sku": "A"}, {"sku": "B"}]})
    ebay.get(items, json={"total": 3, "inventoryItems": [{"sku": "C"}]})
    list(client.inventory.item_pages(limit=2))
    locations = f"{ebay.base}{INVENTORY}/location"
    ebay.get(locations, json={"total": 3, "locations": [{}, {}]})
    ebay.get(locations, json={"total": 3, "locations": [{}]})
    list(client.inventory.location_pages(limit=2))
    offsets = [dict(parse_qsl(urlsplit(c.request.url).query)) for c in ebay.calls]
    assert [query["offset"] for query in offsets] == ["0", "1", "0", "2"]


def test_continuation_tokens_are_followed_to_the_end(client, ebay):
    topics = f"{ebay.base}{NOTIFICATION}/topic"
    following = "https://elsewhere.test/topic?limit=100&continuation_token=a%2Fb"
    ebay.get(topics, json={"topics": [{"topicId": "A"}], "next": following})
    ebay.get(topics, json={"topics": [{"topicId": "B"}]})
    pages = list(client.notification.topic_pages())
    assert [page["topics"][0]["topicId"] for page in pages] == ["A", "B"]
    assert dict(parse_qsl(urlsplit(ebay.calls[1].request.url).query)) == {
        "limit": "100",
        "continuation_token": "a/b",
    }


def test_continuation_tokens_that_repeat_end_with_an_error(client, ebay):
    following = "/topic?continuation_token=same"
    ebay.get(
        f"{ebay.base}{NOTIFICATION}/topic",
        json={"topics": [{"topicId": "A"}], "next": following},
    )
    with pytest.raises(ContractError, match="circle"):
        list(client.notification.topic_pages())


@pytest.mark.parametrize("status", [200, 207])
def test_a_bulk_answer_is_read_whatever_its_status(client, ebay, status):
    ebay.post(
        f"{ebay.base}{INVENTORY}/bulk_update_price_quantity",
        json={"responses": [{"sku": "A", "statusCode": 400}]},
        status=status,
    )
    reply = client.inventory.bulk_update_price_quantity([{"sku": "A"}])
    assert reply.status == status
    assert reply["responses"][0]["statusCode"] == 400


def test_warnings_on_success_do_not_fail_a_call(client, ebay):
    ebay.put(
        f"{ebay.base}{INVENTORY}/inventory_item/A",
        json={"warnings": [{"errorId": 25030, "message": "dropped"}]},
    )
    assert client.inventory.put_item("A", {}).warnings[0].message == "dropped"


def test_204_answers_are_empty_replies(client, ebay):
    where = f"{TAXONOMY}/category_tree/77/get_item_aspects_for_category"
    ebay.get(f"{ebay.base}{where}", status=204)
    reply = client.taxonomy.get_item_aspects_for_category("77", "9")
    assert (reply.status, reply) == (204, {})


def test_an_existing_offer_is_named_by_the_refusal(client, ebay):
    ebay.post(
        f"{ebay.base}{INVENTORY}/offer",
        status=400,
        json={
            "errors": [
                {
                    "errorId": 25002,
                    "message": "Offer entity already exists.",
                    "parameters": [{"name": "offerId", "value": "812"}],
                }
            ]
        },
    )
    with pytest.raises(Rejected) as caught:
        client.inventory.create_offer({})
    assert caught.value.errors[0].parameter("offerId") == "812"


def test_another_marketplace_has_its_own_language(client, ebay):
    ebay.get(f"{ebay.base}{INVENTORY}/offer/1", json={"offerId": "1"})
    client.for_marketplace("EBAY_BE").inventory.get_offer("1")
    client.for_marketplace("EBAY_BE", "fr-BE").inventory.get_offer("1")
    client.for_marketplace("EBAY_XX").inventory.get_offer("1")
    used = [call.request.headers["Content-Language"] for call in ebay.calls]
    assert used == ["nl-BE", "fr-BE", "en-US"]
    assert client.for_marketplace("EBAY_BE").read_only is False


def test_a_picture_is_sent_as_multipart_and_its_url_read(client, ebay):
    ebay.post(
        f"{ebay.base}{MEDIA}/image/create_image_from_file",
        status=201,
        json={"imageUrl": "https://i.test/1", "expirationDate": "2026-12-20"},
        headers={"Location": f"{ebay.base}{MEDIA}/image/i-77"},
        match=[
            responses.matchers.multipart_matcher(
                {"image": ("front.jpg", b"JPEG", "image/jpeg")}
            )
        ],
    )
    reply = client.media.create_image_from_file(b"JPEG", "front.jpg")
    assert (reply["imageUrl"], reply.created_id) == ("https://i.test/1", "i-77")


def test_files_that_ebay_would_refuse_are_not_sent(client):
    with pytest.raises(InvalidArgument):
        client.media.create_image_from_file(b"x" * (12 * 1024 * 1024 + 1))
    with pytest.raises(InvalidArgument):
        client.feed.upload_file("t", b"x" * (15 * 1024 * 1024 + 1), "q.xml")


def test_a_feed_task_tells_when_it_is_done(client, ebay):
    where = f"{ebay.base}{FEED}/task/t"
    states = ["QUEUED", "IN_PROCESS", "COMPLETED", "COMPLETED_WITH_ERROR", "ABORTED"]
    for state in states:
        ebay.get(where, json={"status": state})
    tasks = [client.feed.get_task("t") for _ in states]
    assert [is_finished(task) for task in tasks] == [False, False, True, True, True]
    assert [has_result(task) for task in tasks] == [False, False, True, True, False]
