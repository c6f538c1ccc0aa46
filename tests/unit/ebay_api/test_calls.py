"""Every method of every JSON API: what it sends, and the refusal of a read-only client.

`calls.jsonl` has a line per method: the call, its arguments, the request it makes, a
sound answer, whether it uses the application's token and whether it writes. A test at
the end makes sure that no method is left out.
"""

import inspect
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from ebay_api.api import Api
from ebay_api.errors import ContractError, WritesRefused

ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("calls.jsonl").read_text("utf-8").splitlines()
]
WRITES = [row for row in ROWS if row.get("writes")]
READS = [row for row in ROWS if not row.get("writes")]
DEMANDING = [row for row in ROWS if row.get("answer", {"total": 0}) != {"total": 0}]
TESTED_ELSEWHERE = {"fulfillment", "trading"}


def name_of(row):
    return row["call"] + ("-as_user" if row.get("options", {}).get("as_user") else "")


def argument(value):
    if isinstance(value, dict) and set(value) == {"bytes"}:
        return value["bytes"].encode()
    if value == {"file": True}:
        return io.BytesIO()
    return value


def run(client, row):
    api, _, name = row["call"].partition(".")
    method = getattr(getattr(client, api), name)
    arguments = [argument(value) for value in row.get("args", ())]
    result = method(*arguments, **row.get("options", {}))
    return list(result) if inspect.isgenerator(result) else result


def answered(ebay, row, answer):
    verb, _, path = row["sends"].partition(" ")
    ebay.add(verb, f"{ebay.base}{path}", json=answer)
    return path


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_method_makes_its_request(client, ebay, row):
    path = answered(ebay, row, row.get("answer", {}))
    run(client, row)
    [sent] = [call.request for call in ebay.calls]
    parts = urlsplit(sent.url)
    assert parts.path == path
    assert dict(parse_qsl(parts.query)) == row.get("query", {})
    owner = "app" if row.get("app") else "user"
    assert sent.headers["Authorization"] == f"Bearer {owner}-token-1"
    if "body" in row:
        assert json.loads(sent.body) == row["body"]
        assert sent.headers["Content-Type"] == "application/json"
    if path.startswith("/sell/inventory/"):
        assert sent.headers["Accept-Language"] == "de-DE"
        assert sent.headers["Content-Language"] == "de-DE"
    if path.startswith("/sell/feed/"):
        assert sent.headers["X-EBAY-C-MARKETPLACE-ID"] == "EBAY_DE"


@pytest.mark.parametrize("row", WRITES, ids=name_of)
def test_a_read_only_client_refuses_before_sending(make_client, ebay, row):
    with pytest.raises(WritesRefused):
        run(make_client(read_only=True), row)
    assert len(ebay.calls) == 0


@pytest.mark.parametrize("row", READS, ids=name_of)
def test_a_read_only_client_reads(make_client, ebay, row):
    answered(ebay, row, row.get("answer", {}))
    run(make_client(read_only=True), row)


@pytest.mark.parametrize("row", DEMANDING, ids=name_of)
def test_an_answer_without_what_it_was_asked_for_is_an_error(client, ebay, row):
    answered(ebay, row, {"surprise": True})
    with pytest.raises(ContractError):
        run(client, row)


def test_no_method_is_left_out_and_each_names_its_operation(client):
    covered = {row["call"] for row in ROWS}
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
