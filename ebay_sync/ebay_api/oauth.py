"""OAuth 2.0 with eBay: consent page, tokens, revocation.

Sources: eBay guides "Getting the third-party consent", "The authorization code grant
request", "Using a refresh token to update a user access token", "The client
credentials grant request".
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from .calls import MEBIBYTE, Call
from .documents import read_document
from .errors import ContractError, InvalidArgument
from .hosts import Hosts
from .scopes import APP_SCOPE
from .transport import Transport

LONGEST_CODE = 1024
LONGEST_LIFE = 10**9  # seconds; anything larger is no life time but a fault


@dataclass(frozen=True)
class Keyset:
    """The application's keys in one environment.

    `ru_name` is eBay's identifier ("RuName") of the pages that eBay returns the seller
    to; it is no URL.
    """

    client_id: str
    client_secret: str = field(repr=False)
    ru_name: str = ""


@dataclass(frozen=True)
class Token:
    """An access token with its end (aware UTC).

    A user token of a code exchange also holds the refresh token and its end. `scopes`
    are those asked for, or those that eBay names; empty when neither is known.
    """

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str | None = field(default=None, repr=False)
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


class OAuth:
    """The calls of eBay's OAuth service for one keyset.

    Errors: `AuthError(refreshable=False)` when the consent or the keyset is no longer
    accepted (invalid_grant, invalid_client, invalid_scope), `RateLimited` when the
    day's number of tokens is used up, `ContractError` for an unreadable answer.
    """

    def __init__(self, hosts: Hosts, keyset: Keyset, transport: Transport) -> None:
        self._hosts = hosts
        self._keyset = keyset
        self._transport = transport

    def consent_url(
        self,
        scopes: Iterable[str],
        state: str,
        locale: str | None = None,
        prompt: str | None = "login",
    ) -> str:
        """The page where a seller grants these scopes.

        `prompt="login"` makes eBay ask who it is even with a live eBay session, so that
        nobody connects another account by mistake. `state` comes back unchanged.
        """
        query = {
            "client_id": self._keyset.client_id,
            "redirect_uri": self._keyset.ru_name,
            "response_type": "code",
            "scope": " ".join(scopes),
            "state": state,
        }
        if prompt:
            query["prompt"] = prompt
        if locale:
            query["locale"] = locale
        return f"{self._hosts.consent_page}?{urlencode(query, quote_via=quote)}"

    def exchange_code(self, code: str, scopes: Iterable[str] = ()) -> Token:
        """Turns the (decoded, single-use) code of the callback into tokens.

        eBay does not repeat the scopes in its answer: pass those of the consent.
        """
        if not code or len(code) > LONGEST_CODE:
            raise InvalidArgument("This is no authorization code of eBay")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._keyset.ru_name,
        }
        token = self._token("authorizationCodeGrant", form, tuple(scopes), once=True)
        if not token.refresh_token:
            raise ContractError(
                "eBay sent no refresh token (authorizationCodeGrant)", api="oauth"
            )
        return token

    def refresh(self, refresh_token: str, scopes: Iterable[str] | None = None) -> Token:
        """A new user access token.

        `scopes` must lie within those once consented to: pass the stored ones or
        nothing. eBay usually sends no new refresh token; `refresh_token` of the result
        is then None and the old one stays valid until its own end.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        wanted = tuple(scopes or ())
        if wanted:
            form["scope"] = " ".join(wanted)
        return self._token("refreshTokenGrant", form, wanted)

    def app_token(self, scopes: Iterable[str] | None = None) -> Token:
        """An application token; eBay grants 1,000 a day: keep it for its two hours."""
        wanted = tuple(scopes or (APP_SCOPE,))
        form = {"grant_type": "client_credentials", "scope": " ".join(wanted)}
        return self._token("clientCredentialsGrant", form, wanted)

    def revoke(self, token: str) -> None:
        """Makes a refresh or access token invalid at eBay."""
        self._transport.send(
            self._call("revokeToken", "/token/revoke", {"token": token})
        )

    def _token(
        self, name: str, form: dict[str, str], scopes: tuple[str, ...], once=False
    ) -> Token:
        asked_at = self._transport.clock()
        call = self._call(name, "/token", form, once)
        answer = self._transport.send(call)
        document = read_document(call, answer)
        named = document.get("scope")
        if isinstance(named, str) and named:
            scopes = tuple(named.split())
        refresh_token = document.get("refresh_token")
        refresh_life = document.get("refresh_token_expires_in")
        try:
            return Token(
                access_token=_secret(document["access_token"]),
                expires_at=_end(asked_at, document["expires_in"]),
                refresh_token=_secret(refresh_token) if refresh_token else None,
                refresh_expires_at=(
                    _end(asked_at, refresh_life) if refresh_life is not None else None
                ),
                scopes=scopes,
            )
        except (KeyError, TypeError, ValueError):
            # The body is left out on purpose: it may hold a token.
            raise ContractError(
                f"eBay's token answer lacks its fields ({name})",
                status=answer.status,
                request_id=answer.request_id,
                api="oauth",
                call=name,
            ) from None

    def _call(
        self, name: str, path: str, form: dict[str, str], once: bool = False
    ) -> Call:
        keys = f"{self._keyset.client_id}:{self._keyset.client_secret}".encode()
        return Call(
            api="oauth",
            name=name,
            method="POST",
            url=self._hosts.url("oauth", path),
            headers={
                "Authorization": f"Basic {base64.b64encode(keys).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=urlencode(form).encode(),
            repeatable=not once,
            max_bytes=MEBIBYTE,
        )


def _secret(value: object) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.strip():
        raise TypeError("not a token")
    return value


def _end(asked_at: datetime, seconds: object) -> datetime:
    life = int(str(seconds))
    if not 0 < life <= LONGEST_LIFE:
        raise ValueError("not a life time")
    return asked_at + timedelta(seconds=life)
