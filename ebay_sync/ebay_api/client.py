"""One seller account in one environment: the calls of all APIs, with its tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO, Literal, Protocol

from .account import Account
from .analytics import Analytics
from .calls import Answer, Call
from .digital_signature import Signer
from .errors import AuthError, Forbidden, InvalidArgument, WritesRefused
from .feed import Feed
from .fulfillment import Fulfillment
from .hosts import Hosts
from .identity import Identity
from .inventory import Inventory
from .marketplaces import marketplace as find_marketplace
from .media import Media
from .metadata import Metadata
from .notification import Notification
from .payment_disputes import PaymentDisputes
from .taxonomy import Taxonomy
from .trading import Trading
from .transport import Check, Transport
from .verdict import check_answer

TokenKind = Literal["user", "app"]


class TokenSource(Protocol):
    """Where a client gets its access tokens; it never stores any itself."""

    def user_token(self) -> str:
        """The seller's access token."""
        ...

    def app_token(self) -> str:
        """The application's access token."""
        ...

    def renew(self, kind: TokenKind, rejected: str) -> str:
        """A token that differs from the one eBay has just rejected.

        Called at most once per request. If somebody else has renewed it meanwhile, that
        newer token is the answer. Raises `AuthError(refreshable=False)` when there is
        no way but connecting the account again.
        """
        ...


class EbayClient:
    """The calls of one account, by API: ``client.fulfillment.order_pages(...)``.

    `marketplace` decides the language headers, the Trading site and the default of
    calls that take a marketplace. `signer` signs the calls for which eBay wants digital
    signatures (sellers domiciled in the EU or UK). With `read_only` every writing call
    raises `WritesRefused` before anything is sent.
    """

    def __init__(
        self,
        hosts: Hosts,
        tokens: TokenSource,
        transport: Transport,
        marketplace: str = "EBAY_DE",
        signer: Signer | None = None,
        read_only: bool = False,
        *,
        locale: str = "",
    ) -> None:
        self.hosts = hosts
        self.tokens = tokens
        self.transport = transport
        self.marketplace = find_marketplace(marketplace)
        self.locale = locale or self.marketplace.locale or "en-US"
        self.signer = signer
        self.read_only = read_only
        self.identity = Identity(self)
        self.fulfillment = Fulfillment(self)
        self.payment_disputes = PaymentDisputes(self)
        self.inventory = Inventory(self)
        self.account = Account(self)
        self.taxonomy = Taxonomy(self)
        self.metadata = Metadata(self)
        self.notification = Notification(self)
        self.analytics = Analytics(self)
        self.trading = Trading(self)
        self.feed = Feed(self)
        self.media = Media(self)

    def for_marketplace(self, marketplace: str, locale: str = "") -> EbayClient:
        """The same account on another marketplace (or in its other language)."""
        return EbayClient(
            self.hosts,
            self.tokens,
            self.transport,
            marketplace,
            self.signer,
            self.read_only,
            locale=locale,
        )

    def send(
        self,
        call: Call,
        acts_as: str = "user",
        *,
        signed: bool = False,
        check: Check = check_answer,
        sink: BinaryIO | None = None,
    ) -> Answer:
        """Sends a call as the user or the app, renewing its token once if rejected.

        The API classes use this; other code calls their methods. Raises `WritesRefused`
        and everything that `Transport.send` raises.
        """
        if call.writes and self.read_only:
            raise WritesRefused(
                f"Writing to eBay is switched off: {call.name} was not sent",
                api=call.api,
                call=call.name,
            )
        kind: TokenKind = "app" if acts_as == "app" else "user"
        bearer = self.tokens.app_token() if kind == "app" else self.tokens.user_token()
        try:
            return self.transport.send(self._dressed(call, bearer, signed), check, sink)
        except AuthError as error:
            if not error.refreshable:
                raise
        bearer = self.tokens.renew(kind, bearer)
        try:
            return self.transport.send(self._dressed(call, bearer, signed), check, sink)
        except AuthError as error:
            raise _refused_again(error) from None

    def _dressed(self, call: Call, bearer: str, signed: bool) -> Call:
        if not isinstance(bearer, str) or not bearer or not bearer.isascii():
            raise AuthError(
                "There is no usable access token for this account",
                api=call.api,
                call=call.name,
            )
        if any(character.isspace() for character in bearer):
            raise InvalidArgument("The access token holds blanks")
        headers = dict(call.headers)
        if call.api == "trading":
            headers["X-EBAY-API-IAF-TOKEN"] = bearer
        else:
            headers["Authorization"] = f"Bearer {bearer}"
        if signed and self.signer:
            now = self.transport.clock()
            headers.update(self.signer.headers(call.method, call.url, call.body, now))
        return replace(call, headers=headers)


def _refused_again(error: AuthError) -> AuthError | Forbidden:
    """What a refusal means once the token was renewed: waiting will not help."""
    facts: dict[str, Any] = {
        "status": error.status,
        "errors": error.errors,
        "request_id": error.request_id,
        "api": error.api,
        "call": error.call,
    }
    if error.status == 403 and not error.errors:
        # No word about the token: eBay forbids the call itself.
        return Forbidden(f"eBay forbids this call (HTTP 403, {error.call})", **facts)
    return AuthError(
        f"eBay rejects a new token as well: {error.message}",
        refreshable=False,
        **facts,
    )
