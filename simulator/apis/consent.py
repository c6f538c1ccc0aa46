"""The page on which a seller lets an application in: ``/oauth2/authorize``.

Source: "Getting the third-party consent". A browser gets a page with a sign-in and two
buttons; a test may post the form straight away.
"""

from __future__ import annotations

import secrets
from html import escape
from typing import Any
from urllib.parse import quote

from ..calls import Api, Call, Operation, Reply, reply_json, reply_text
from ..scopes import grantable

CODE_SECONDS = 299
_COOKIE = "sim_session"
_PASSED_ON = ("client_id", "redirect_uri", "response_type", "scope", "state")

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Grant application access</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 34rem; margin: 3rem auto; }}
button {{ font: inherit; padding: .5rem 1.5rem; }}
</style></head>
<body>
<h1>Grant application access: {client}</h1>
<p>This is the simulated eBay. <b>{client}</b> asks to act for you:</p>
<ul>{scopes}</ul>
<form method="post" action="/oauth2/authorize">
{hidden}{sign_in}
<p><button type="submit" name="action" value="agree" id="agree">Agree and Continue
</button> <button type="submit" name="action" value="decline" id="decline">Decline
</button></p>
</form>
</body></html>
"""


# Where a RuName without addresses leads: eBay's own page, with the code in its address.
_OWN_PAGE = "/oauth2/ThirdPartyAuthSucessFailure?isAuthSuccessful="
_THANKS = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Thank you</title></head>
<body>
<h1>{title}</h1>
<p>This is the simulated eBay. The RuName has no address of its own (a control,
/_sim/runame, sets it), so the answer stands in the address of this page.</p>
</body></html>
"""


class _Refused(Exception):
    """What eBay shows instead of the page: a bare JSON error."""

    def __init__(self, error_id: str, description: str) -> None:
        super().__init__(description)
        self.document = {
            "error_id": error_id,
            "http_status_code": 400,
            "error_description": description,
        }


def _checked(call: Call, asked: Any) -> tuple[dict[str, Any], list[str]]:
    """The keyset and scopes of a consent request."""
    keyset = call.world.collection("keyset").get(asked.get("client_id", ""))
    if keyset is None:
        raise _Refused("unauthorized_client", "The OAuth client was not found.")
    right = asked.get("redirect_uri") == keyset["ruName"]
    if not right or asked.get("response_type") != "code":
        raise _Refused("invalid_request", "Input request parameters are invalid.")
    scopes = asked.get("scope", "").split()
    if not scopes or not grantable(scopes, keyset["refusedScopes"]):
        raise _Refused(
            "invalid_scope",
            "The requested scope is invalid, unknown, malformed, or exceeds the "
            "scope granted to the client",
        )
    return keyset, scopes


def _session(call: Call) -> str | None:
    """The signed-in seller by cookie."""
    for part in call.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == _COOKIE and value in call.world.collection("seller"):
            return value
    return None


def _sign_in(call: Call) -> str:
    signed_in = _session(call)
    if signed_in and call.query.get("prompt") != "login":
        return (
            f'<input type="hidden" name="seller" value="{escape(signed_in)}">'
            f"<p>Signed in as <b>{escape(signed_in)}</b>.</p>"
        )
    options = "".join(
        f"<option>{escape(name)}</option>"
        for name in call.world.collection("seller").keys()
    )
    return (
        '<p><label>Sign in as <select name="seller" id="seller">'
        f"{options}</select></label></p>"
    )


def show(call: Call) -> Reply:
    """GET: the consent page."""
    try:
        keyset, scopes = _checked(call, call.query)
    except _Refused as refused:
        return reply_json(refused.document, 400)
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(call.query[name])}">'
        for name in _PASSED_ON
        if name in call.query
    )
    page = _PAGE.format(
        client=escape(keyset["clientId"]),
        scopes="".join(f"<li>{escape(scope)}</li>" for scope in scopes),
        hidden=hidden,
        sign_in=_sign_in(call),
    )
    return reply_text(page, "text/html")


def decide(call: Call) -> Reply:
    """POST: agree or decline, then back to the application."""
    form = call.form()
    try:
        keyset, scopes = _checked(call, form)
    except _Refused as refused:
        return reply_json(refused.document, 400)
    agreed = form.get("action") == "agree"
    target = keyset["acceptUrl" if agreed else "declineUrl"]
    seller = call.world.collection("seller").get(form.get("seller", ""))
    if target is None:
        target = f"{call.base_url}{_OWN_PAGE}{str(agreed).lower()}"
    if agreed and seller is None:
        return reply_text("<p>Sign in as a known seller.</p>", "text/html", 400)
    facts = {} if "state" not in form else {"state": form["state"]}
    headers = {}
    if agreed and seller is not None:
        code = _new_code(call, keyset, scopes, seller["username"])
        facts |= {"code": code, "expires_in": str(CODE_SECONDS)}
        cookie = f"{_COOKIE}={seller['username']}; Path=/; HttpOnly; SameSite=Lax"
        headers["Set-Cookie"] = cookie
    tail = "&".join(f"{name}={quote(value, safe='')}" for name, value in facts.items())
    joint = "&" if "?" in target else "?"
    headers["Location"] = f"{target}{joint}{tail}" if tail else target
    return Reply(302, headers=headers)


def end(call: Call) -> Reply:
    """GET: eBay's own page after the decision."""
    agreed = call.query.get("isAuthSuccessful") == "true"
    title = "Authorization successfully completed" if agreed else "Declined"
    return reply_text(_THANKS.format(title=title), "text/html")


def _new_code(
    call: Call, keyset: dict[str, Any], scopes: list[str], seller: str
) -> str:
    code = f"v^1.1#i^1#r^1#f^0#p^3#I^3#t^{secrets.token_urlsafe(24)}"
    call.world.collection("code").put(
        code,
        {
            "clientId": keyset["clientId"],
            "ruName": keyset["ruName"],
            "seller": seller,
            "scopes": scopes,
            "expires": call.world.clock.now().timestamp() + CODE_SECONDS,
        },
    )
    return code


API = Api(
    name="auth.consent",
    prefix="/oauth2",
    operations=[
        Operation("GET", "/authorize", "consentPage", show, token=None),
        Operation("POST", "/authorize", "consentDecision", decide, token=None),
        Operation("GET", "/ThirdPartyAuthSucessFailure", "consentEnd", end, token=None),
    ],
)
