"""What one examination goes by: the account, and eBay's answers, all asked at once.

A page waits for it, so eBay gets a fixed number of seconds and not one more: the
questions are asked side by side in threads that know nothing of the database, and who
has not answered in time is left behind.
"""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial

from ...ebay_api.calls import Call
from ...ebay_api.errors import AuthError, EbayError, Forbidden, Transient
from ...ebay_api.scopes import scopes_for
from ...ebay_api.transport import CONNECTIONS, Transport
from ...vault import VaultError
from .fixed_tokens import FixedTokens

TOKEN_SECONDS = 8  # no request for a token begins after this time
TOTAL_SECONDS = 16  # when the page stops waiting for eBay
TIMEOUT = (2.0, 4.0)

# One harmless call each. The names of features are those of ``ebay_api.scopes``.
QUESTIONS = {
    "orders": lambda client: client.fulfillment.get_orders(limit=1),
    "listings": lambda client: next(client.inventory.location_pages(limit=1)),
    "account": lambda client: client.account.get_privileges(),
    "notifications": lambda client: next(
        client.notification.subscription_pages(limit=10, as_user=True)
    ),
    "payment_disputes": lambda client: (
        client.payment_disputes.get_payment_dispute_summaries(limit=1)
    ),
    "programs": lambda client: client.account.get_opted_in_programs(),
    "preferences": lambda client: client.trading.get_user_preferences(),
    "rate_limits": lambda client: client.analytics.get_rate_limits(),
}

# Permissions that no harmless call proves. Every method of Finances wants a digital
# signature from sellers in the EU and UK ("Digital Signatures for APIs"), and eBay does
# not say whether it looks at the permission or at the signature first. The permissions
# for reports at once belong to no call but createSubscription, which changes something.
# Of these eBay is asked for a token that holds just this one permission: it refuses
# with invalid_scope what the seller's consent does not hold ("Using a refresh token to
# update a user access token", parameter scope).
PROVEN_BY_TOKEN = ("refunds", "cancellation_topics", "return_topics", "inquiry_topics")
EVERYTHING = (*QUESTIONS, *PROVEN_BY_TOKEN)


@dataclass(frozen=True)
class Finding:
    """What a check found, in one sentence, and what to do about it in another.

    ``state`` is green, amber, red, or grey for what could not be checked. ``fix`` is
    the button that goes with it, a value of ``ebay.doctor.line.fix``.
    """

    state: str
    found: str
    advice: str = ""
    fix: str = ""


class NotAsked(Exception):
    """eBay was not asked, for a reason that another check shows."""


class Patience:
    """Takes the place of a transport's budget: no attempt begins after its end."""

    def __init__(self, seconds, clock=time.monotonic):
        self.clock = clock
        self.until = clock() + seconds

    def admit(self, api, kind, now):
        """Nothing to wait for, as long as there is time. Raises Transient."""
        if self.clock() >= self.until:
            raise Transient("eBay is too slow to be asked more just now", api=api)
        return 0.0

    def block(self, api, until):
        """Quotas are not remembered here."""


class Case:
    """One examination of one account."""

    def __init__(self, account):
        self.account = account
        self.began = time.monotonic()
        self.answers = {}
        self.answered_at = {}

    def answer(self, name):
        """eBay's answer to a question, or raise what came instead of it."""
        answer = self.answers.get(name, NotAsked())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def seconds(self):
        """How long the examination has taken so far."""
        return time.monotonic() - self.began

    # -- asking ----------------------------------------------------------------

    def ask(self, webhook_url):
        """Ask everything: eBay if the account is connected, and our own webhook."""
        questions = {}
        transport = self._transport(TOTAL_SECONDS)
        if self.account.state == "connected":
            tokens = self._tokens()
            if tokens:
                client = self.account._client(tokens=tokens, transport=transport)
                idle = self.account._idle_options()
                questions = {
                    name: _question(ask, client)
                    for name, ask in QUESTIONS.items()
                    if name not in idle
                }
                questions.update(self._token_questions(transport, idle))
        if webhook_url:
            call = Call(api="webhook", name="challenge", method="GET", url=webhook_url)
            questions["webhook"] = lambda: transport.send(call)
        self._ask_side_by_side(questions)

    def _token_questions(self, transport, idle):
        """A token, please, for each of ``PROVEN_BY_TOKEN`` that is in use."""
        wanted = [feature for feature in PROVEN_BY_TOKEN if feature not in idle]
        if not wanted:
            return {}
        try:
            oauth = self.account._oauth(transport=transport)
            refresh_token = self.account.env["ebay.secret"]._get(
                self.account, "refresh_token"
            )
        except (EbayError, VaultError) as error:
            self.answers.update(dict.fromkeys(wanted, error))
            return {}
        return {
            feature: partial(oauth.refresh, refresh_token or "", scopes_for([feature]))
            for feature in wanted
        }

    def _transport(self, seconds):
        return Transport(
            timeout=TIMEOUT, longest_body=TIMEOUT[1], budget=Patience(seconds)
        )

    def _tokens(self):
        """Tokens for the threads, or None when eBay accepts none of ours.

        Who the seller is gets asked on the way: that call renews a token that eBay
        no longer accepts, which only this thread may do.
        """
        client = self.account._client(transport=self._transport(TOKEN_SECONDS))
        try:
            client.tokens.user_token()
            self.answers["token"] = True
        except EbayError as error:
            self.answers.update(
                dict.fromkeys(("token", "identity", *EVERYTHING), error)
            )
            return None
        try:
            self._keep("identity", client.identity.get_user())
        except Forbidden as error:
            self.answers["identity"] = error
        except AuthError as error:
            self.answers.update(
                dict.fromkeys(("token", "identity", *EVERYTHING), error)
            )
            return None
        except EbayError as error:
            self.answers.update(dict.fromkeys(("token", "identity"), error))
        try:
            app_token = client.tokens.app_token()
        except EbayError as error:
            app_token = error
        return FixedTokens(client.tokens.user_token(), app_token)

    def _ask_side_by_side(self, questions):
        if not questions:
            return
        pool = ThreadPoolExecutor(min(len(questions), CONNECTIONS), "ebay-doctor")
        try:
            futures = {pool.submit(ask): name for name, ask in questions.items()}
            done, late = wait(futures, timeout=max(TOTAL_SECONDS - self.seconds(), 1))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        for future in late:
            self.answers[futures[future]] = Transient("There was no answer in time")
        for future in done:
            error = future.exception()
            self._keep(futures[future], error or future.result())

    def _keep(self, name, answer):
        self.answers[name] = answer
        self.answered_at.setdefault(name, datetime.now(timezone.utc))


def _question(ask, client):
    return lambda: ask(client)
