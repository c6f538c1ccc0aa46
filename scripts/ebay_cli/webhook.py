"""challenge, signature: what a webhook has to answer and to prove."""

import argparse
import hmac
import json
import sys
from pathlib import Path

from ebay_api.calls import Call
from ebay_api.errors import EbayError
from ebay_api.paths import query
from ebay_api.signature import (
    KeyCache,
    SignatureHeader,
    SignatureInvalid,
    challenge_response,
    load_public_key,
    verify,
    verify_notification,
)

from .context import Context
from .settings import SettingsError


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Registers the commands of this file."""
    challenge = commands.add_parser(
        "challenge", help="the right answer to eBay's challenge of a webhook"
    )
    challenge.add_argument("--code", default="0123456789", help="challenge_code")
    challenge.add_argument("--token", required=True, help="verification token")
    challenge.add_argument("--endpoint", required=True, help="address, as registered")
    challenge.add_argument(
        "--live", action="store_true", help="ask the endpoint and compare its answer"
    )
    challenge.set_defaults(run=run_challenge)
    signature = commands.add_parser(
        "signature", help="is this notification signed by eBay?"
    )
    signature.add_argument("--header", required=True, help="value of x-ebay-signature")
    signature.add_argument(
        "--body", default="-", help="file with the raw body (default: standard input)"
    )
    signature.add_argument("--key", help="file with the public key (default: ask eBay)")
    signature.set_defaults(run=run_signature)


def run_challenge(context: Context, options: argparse.Namespace) -> int:
    """Prints the expected answer, or compares the endpoint's own."""
    expected = challenge_response(options.code, options.token, options.endpoint)
    if not options.live:
        context.say(expected)
        return 0
    if not options.endpoint.startswith(("https://", "http://")):
        raise SettingsError("The endpoint is an address that begins with https://")
    call = Call(
        api="webhook",
        name="challenge",
        method="GET",
        url=options.endpoint + query({"challenge_code": options.code}),
        headers={"Accept": "application/json"},
    )
    try:
        answer = context.transport.send(call)
    except EbayError as error:
        status = f" (HTTP {error.status})" if error.status else ""
        context.say(f"BAD The endpoint gave no answer that eBay takes{status}.")
        return 1
    try:
        given = json.loads(answer.body)["challengeResponse"]
    except (ValueError, KeyError, TypeError):
        context.say("BAD The endpoint's answer holds no challengeResponse.")
        return 1
    if not hmac.compare_digest(str(given).encode(), expected.encode()):
        context.say("BAD The endpoint's answer is another one than eBay expects.")
        context.say("    Compare the verification token and the exact address.")
        return 1
    context.say("ok  The endpoint answers as eBay expects.")
    return 0


def run_signature(context: Context, options: argparse.Namespace) -> int:
    """Verifies a notification; 1 if it is not eBay's."""
    body = _read(options.body)
    try:
        if options.key:
            header = SignatureHeader.parse(options.header)
            verify(body, header, load_public_key(_read(options.key).decode()))
        else:
            fetch = context.client().notification.get_public_key
            keys = KeyCache(fetch, context.transport.clock)
            verify_notification(body, options.header, keys)
    except SignatureInvalid as error:
        context.say(f"BAD {error.message}.")
        return 1
    context.say("ok  The signature is valid.")
    return 0


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise SettingsError(f"Cannot read {name}: {error.strerror}.") from None
