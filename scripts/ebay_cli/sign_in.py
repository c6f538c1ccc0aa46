"""login, refresh, status, logout: the tokens of one account."""

import argparse
import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from ebay_api.errors import EbayError
from ebay_api.scopes import DEFAULT_FEATURES, FEATURE_SCOPES, scopes_for

from .context import Context
from .settings import SettingsError
from .token_file import Stored


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Registers the commands of this file."""
    login = commands.add_parser("login", help="sign in with an eBay account")
    login.add_argument(
        "--features",
        default=",".join(DEFAULT_FEATURES),
        help=f"what to ask consent for, from: {', '.join(FEATURE_SCOPES)}",
    )
    login.add_argument(
        "--code", help="the code, or the whole address eBay returned you to"
    )
    login.add_argument(
        "--no-browser", action="store_true", help="only print the address to open"
    )
    login.add_argument("--locale", help="language of eBay's page, such as pl-PL")
    login.set_defaults(run=run_login)
    refresh = commands.add_parser("refresh", help="get a new access token now")
    refresh.set_defaults(run=run_refresh)
    status = commands.add_parser("status", help="who is signed in, and until when")
    status.set_defaults(run=run_status)
    logout = commands.add_parser("logout", help="revoke and forget the tokens")
    logout.set_defaults(run=run_logout)


def run_login(context: Context, options: argparse.Namespace) -> int:
    """Gets consent, trades the code for tokens, stores them."""
    if not context.settings.ru_name:
        raise SettingsError(
            "Not set: EBAY_RU_NAME. eBay shows it under developer.ebay.com, User "
            "Tokens, Get a Token from eBay via Your Application."
        )
    oauth, scopes = context.oauth(), _scopes(options.features)
    state = secrets.token_urlsafe(16)
    pasted = options.code
    if not pasted:
        url = oauth.consent_url(scopes, state, locale=options.locale)
        context.say("Open this address, sign in as the seller and agree:")
        context.say(url)
        if not options.no_browser:
            context.open_browser(url)
        pasted = context.ask("Paste the address eBay returned you to (or the code): ")
    code = code_of(pasted.strip(), "" if options.code else state)
    token = oauth.exchange_code(code, scopes)
    before = context.token_file.read()
    context.token_file.write(Stored(user=token, app=before.app))
    user = context.client().identity.get_user()
    stored = context.token_file.read()
    name = str(user.get("username", ""))
    context.token_file.write(replace(stored, user_id=user["userId"], username=name))
    context.say(f"Signed in as {name or user['userId']}.")
    return run_status(context, options)


def run_refresh(context: Context, options: argparse.Namespace) -> int:
    """Trades the refresh token for a new access token."""
    stored = context.token_file.read()
    if stored.user is None:
        raise SettingsError("Nobody is signed in. Run: scripts/ebay login")
    oauth = context.oauth()
    fresh = oauth.refresh(stored.user.refresh_token or "", stored.user.scopes)
    kept = replace(
        fresh,
        refresh_token=fresh.refresh_token or stored.user.refresh_token,
        refresh_expires_at=fresh.refresh_expires_at or stored.user.refresh_expires_at,
    )
    context.token_file.write(replace(stored, user=kept))
    context.say("eBay gave a new access token.")
    return run_status(context, options)


def run_status(context: Context, options: argparse.Namespace) -> int:
    """Shows who is signed in; 1 if nobody is."""
    stored = context.token_file.read()
    context.say(f"Environment    {context.settings.environment}")
    context.say(f"Token file     {context.token_file.path}")
    if stored.user is None:
        context.say("Signed in      no. Run: scripts/ebay login")
        return 1
    now = context.transport.clock()
    context.say(f"Seller         {stored.username or '-'} ({stored.user_id or '-'})")
    context.say(f"Access token   {_until(stored.user.expires_at, now)}")
    if stored.user.refresh_expires_at:
        context.say(f"Consent        {_until(stored.user.refresh_expires_at, now)}")
    for scope in stored.user.scopes:
        context.say(f"Permission     {scope}")
    return 0


def run_logout(context: Context, options: argparse.Namespace) -> int:
    """Revokes the refresh token at eBay as far as possible and forgets everything."""
    stored = context.token_file.read()
    if stored.user is None:
        context.say("Nobody was signed in.")
        return 0
    try:
        context.oauth().revoke(stored.user.refresh_token or stored.user.access_token)
        context.say("eBay has revoked the consent.")
    except EbayError as error:
        context.say(f"eBay could not revoke the consent: {error.message}")
        context.say("The seller can do it at eBay: Account, Sign in and security.")
    context.token_file.remove()
    context.say("The tokens on this machine are removed.")
    return 0


def code_of(pasted: str, state: str) -> str:
    """The code from what the user pasted: an address of the callback, or the code.

    With `state` an address must carry it: otherwise the consent is not the one just
    asked for. Raises `SettingsError` with what to do.
    """
    if "://" not in pasted:
        return pasted
    fields = parse_qs(urlsplit(pasted).query)
    if "error" in fields:
        raise SettingsError(f"eBay returned: {fields['error'][0]}. Sign in again.")
    if not fields.get("code"):
        raise SettingsError("This address holds no code. Was the consent declined?")
    if state and fields.get("state", [""])[0] != state:
        raise SettingsError(
            "This address belongs to another sign-in (its state differs). Start again."
        )
    return fields["code"][0]


def _scopes(features: str) -> tuple[str, ...]:
    wanted = [name.strip() for name in features.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FEATURE_SCOPES]
    if unknown:
        raise SettingsError(
            f"Unknown feature: {', '.join(unknown)}. There are: "
            f"{', '.join(FEATURE_SCOPES)}."
        )
    return scopes_for(wanted)


def _until(moment: datetime, now: datetime) -> str:
    left = moment - now
    if left.total_seconds() <= 0:
        return f"ended {moment:%Y-%m-%d %H:%M} UTC"
    if left.days >= 2:
        return f"until {moment:%Y-%m-%d} ({left.days} days)"
    return f"until {moment:%Y-%m-%d %H:%M} UTC ({int(left.total_seconds() // 60)} min)"
