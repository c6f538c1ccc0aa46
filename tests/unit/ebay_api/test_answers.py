"""Answers of the JSON APIs: pages, bulk calls, warnings, empty answers, files."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from ebay_api.errors import ContractError, InvalidArgument, Rejected
from ebay_api.feed import has_result, is_finished

INVENTORY = "/sell/inventory/v1"
TAXONOMY = "/commerce/taxonomy/v1"
NOTIFICATION = "/commerce/notification/v1"
FEED = "/sell/feed/v1"
MEDIA = "/commerce/media/v1_beta"


def test_inventory_pages_count_pages_where_locations_count_rows(client, ebay):
    items = f"{ebay.base}{INVENTORY}/inventory_item"
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


def test_a_refusal_inside_a_success_is_a_refusal(client, ebay):
    ebay.put(
        f"{ebay.base}{INVENTORY}/inventory_item/A",
        json={"errors": [{"errorId": 25004, "message": "bad quantity"}]},
    )
    with pytest.raises(Rejected) as caught:
        client.inventory.put_item("A", {})
    assert (caught.value.status, caught.value.error_ids) == (200, ("25004",))


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
