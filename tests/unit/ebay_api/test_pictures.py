"""Pictures: from eBay's hosts only, without a token, and only what is a picture."""

import pytest
import responses

from ebay_api.errors import ContractError, InvalidArgument
from ebay_api.hosts import Hosts
from ebay_api.pictures import LARGEST_PICTURE, fetch_picture, picture_type

JPEG = b"\xff\xd8\xff\xe0rest"
URL = "https://i.ebayimg.com/images/g/1/s-l1600.jpg"
LOCAL = Hosts.all_at("http://127.0.0.1:18000")


@pytest.fixture
def fetch(make_transport):
    transport = make_transport()
    return lambda url=URL, hosts=None: fetch_picture(
        transport, hosts or Hosts.production(), url
    )


@responses.activate
def test_a_picture_comes_without_a_token(fetch):
    responses.get(URL, body=JPEG, content_type="image/jpeg")
    assert fetch() == JPEG
    [call] = responses.calls
    assert "Authorization" not in call.request.headers


@pytest.mark.parametrize(
    "url",
    [
        "http://i.ebayimg.com/1.jpg",
        "https://ebayimg.com.evil.example/1.jpg",
        "https://evilebayimg.com/1.jpg",
        "https://i.ebayimg.com@evil.example/1.jpg",
        "https://user@i.ebayimg.com/1.jpg",
        "https://i.ebayimg.com:8443/1.jpg",
        "https://127.0.0.1/1.jpg",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
@responses.activate
def test_no_other_address_is_asked(fetch, url):
    with pytest.raises(InvalidArgument):
        fetch(url)
    assert not responses.calls


@responses.activate
def test_with_a_simulator_only_this_machine_is_asked(fetch):
    responses.get("http://127.0.0.1:18000/p.jpg", body=JPEG)
    assert fetch("http://127.0.0.1:18000/p.jpg", LOCAL) == JPEG
    with pytest.raises(InvalidArgument):
        fetch(URL, LOCAL)


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"<html>sorry</html>", "content_type": "image/jpeg"},
        {"body": b""},
        {"body": JPEG, "status": 401},
        {"body": b"", "status": 302, "headers": {"Location": "http://10.0.0.1/"}},
        {"body": JPEG + b"x" * LARGEST_PICTURE},
    ],
)
@responses.activate
def test_what_is_no_picture_is_refused(fetch, answer):
    responses.get(URL, **answer)
    with pytest.raises(ContractError):
        fetch()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg/>", None),
        (b"RIFF", None),
    ],
)
def test_the_first_bytes_tell_the_type(content, kind):
    assert picture_type(content) == kind
