"""Whatever eBay answers, the client returns, or raises an error of its own.

Answers are made up from eBay's schemas (see samples.py): whole, sparse, with words and
fields that nobody knows, with wrong types, and with rubbish. The client may not leave
eBay's hosts, ask without end, or fail in a way that its callers do not expect.
"""

from __future__ import annotations

import io

import pytest

from contract import samples
from contract.client import (
    EbayError,
    call_with_samples,
    methods,
    new_client,
)
from contract.openapi import available, documents
from contract.recording import InventedAdapter
from contract.trading_samples import TradingSampler
from ebay_api.feed_files import report_rows, unpacked, upload_results

ROUNDS = {"whole": 4, "sparse": 15, "strange": 30, "mistyped": 40, "broken": 15}
NAMES = sorted(methods(new_client(InventedAdapter(lambda request: None))))


def invented(kind: str, seed: str) -> InventedAdapter:
    sampler = samples.Sampler(documents(), kind, seed)
    trading = TradingSampler(kind, seed)

    def answer(request):
        call = request.headers.get("X-EBAY-API-CALL-NAME")
        if call:
            return trading.answer(call)
        operation = documents().match(request.method, request.url)
        assert operation is not None, f"no call of eBay's: {request.url}"
        return sampler.answer(operation)

    return InventedAdapter(answer)


@pytest.mark.parametrize("kind", ROUNDS)
@pytest.mark.parametrize("name", NAMES)
def test_survives(name, kind):
    sent = 0
    for number in range(ROUNDS[kind]):
        adapter = invented(kind, f"{name}/{number}")
        method = methods(new_client(adapter))[name]
        try:
            call_with_samples(method)
        except EbayError:
            pass
        except Exception as error:
            raise AssertionError(f"round {number} of {kind} answers") from error
        sent += adapter.count
    assert sent, "no request was sent: the sample arguments do not fit"


@pytest.mark.parametrize("kind", ROUNDS)
def test_feed_files_are_survived(kind):
    read = 0
    for number in range(ROUNDS[kind] * 3):
        sampler = TradingSampler(kind, f"file/{number}")
        for reader in (report_rows, upload_results):
            try:
                with unpacked(io.BytesIO(sampler.file())) as content:
                    read += len(list(reader(content)))
            except EbayError:
                pass
            except Exception as error:
                raise AssertionError(f"round {number} of {kind} files") from error
    assert read or kind == "broken", "no file was readable"


@pytest.mark.skipif(not available(), reason="no documents")
def test_a_client_that_trips_is_noticed():
    adapter = invented("broken", "x")
    with pytest.raises(AssertionError, match="foreign address"):
        adapter.send(_request("https://ebay.example/steal"))
    adapter.count = adapter.LIMIT
    with pytest.raises(AssertionError, match="more than"):
        adapter.send(_request("https://api.ebay.com/sell/fulfillment/v1/order"))


def _request(url):
    import requests

    return requests.Request("GET", url).prepare()
