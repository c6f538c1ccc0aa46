"""What eBay pushes to us, and where: set up once, checked every day.

alert e-mail -> destination (eBay challenges it) -> one subscription per topic. What is
right already is left alone, so that a run repairs exactly what is broken.
"""

import logging
from hashlib import sha256

from odoo import api, fields, models

from ...ebay_api.errors import Forbidden, Rejected
from ...mapping.notifications import notification as topics
from ...mapping.notifications.subscription import (
    DISABLED,
    ENABLED,
    config_document,
    destination_document,
    read_alert_email,
    read_destination,
    read_subscription,
    read_topic,
    subscription_document,
)

_logger = logging.getLogger(__name__)

NO_CONFIG = "195026"
CHALLENGE_FAILED = "195020"
BAD_ENDPOINT = "195017"
EXISTS = "195012"
MARKED_DOWN = "MARKED_DOWN"

# What is always wanted, and what a feature of the account switches on.
ALWAYS = (topics.ORDER_CONFIRMATION, topics.REVOCATION)
BY_FEATURE = {
    "use_cancellation_topics": topics.CANCELLATION,
    "use_return_topics": topics.RETURN,
    "use_inquiry_topics": topics.INQUIRY,
}


class EbayFlowSubscriptionsOut(models.AbstractModel):
    """ebay.account -> alert e-mail, destination and subscriptions at eBay."""

    _name = "ebay.flow.subscriptions.out"
    _description = "eBay flow: subscriptions out"
    _inherit = "ebay.flow"

    _flow_name = "subscriptions_out"
    _flow_sequence = 890
    _flow_interval = (1, "days")
    _flow_modes = ("paused", "mirror", "live")

    @api.model
    def _flow_label(self):
        return self.env._("Subscriptions")

    @api.model
    def _work(self, run):
        """Subscribe to what the account wants; report what eBay refuses."""
        account = run.account
        client = account._subscriber_client(run.requests.append).notification
        if not account.use_notifications:
            self._switch_off(run, client)
            return
        try:
            self._ensure_email(run, client)
            self._ensure_destination(run, client)
        except Rejected as error:
            self._tell_refusal(run, error)
            return
        self._close(account, "webhook_unreachable", "notifications_refused")
        self._ensure_subscriptions(run, client)
        self._ensure_key(run, client)
        self._test(run, client)

    # -- alert e-mail ------------------------------------------------------------

    def _ensure_email(self, run, client):
        """Without one eBay accepts neither a destination nor a subscription."""
        account = run.account
        try:
            known = read_alert_email(client.get_config())
        except Rejected as error:
            if not (error.not_found or error.has(NO_CONFIG)):
                raise
            known = None
        # the keyset has one address; another account's is only replaced on request
        wanted = account.notification_email or known or account._usual_alert_email()
        if not wanted:
            raise Rejected(self.env._("Fill in the alert e-mail on the account"))
        if wanted != known:
            client.update_config(config_document(wanted))
            self._changed(run, account, "alert e-mail", known, wanted)

    # -- destination -------------------------------------------------------------

    def _ensure_destination(self, run, client):
        """Our address, enabled, with our token; eBay challenges it after a change."""
        account = run.account
        token = self._token(account)
        run.save()  # eBay's challenge comes during the call: others must see the token
        endpoint, name = account.webhook_url, account._destination_name()
        wanted = destination_document(name, endpoint, token)
        mark = sha256(f"{endpoint} {token}".encode()).hexdigest()
        found = self._find_destination(client, account, endpoint, name)
        if found is None:
            ref = client.create_destination(wanted).created_id
            self._changed(run, account, "destination", None, ENABLED)
        else:
            ref = found.destination_ref
            if (
                found.status != ENABLED
                or found.endpoint != endpoint
                or found.token not in (None, token)
                or account.destination_mark != mark
            ):
                self._notice_marked_down(run, found)
                client.update_destination(ref, wanted)
                self._changed(run, account, "destination", found.status, ENABLED)
        account.write(
            {
                "destination_ref": ref,
                "destination_status": ENABLED,
                "destination_mark": mark,
                "destination_checked_at": fields.Datetime.now(),
                "notification_message": False,
            }
        )
        run.save()

    def _token(self, account):
        secrets = self.env["ebay.secret"]
        if not secrets._has(account, "verification_token"):
            account._make_verification_token()
        return secrets._get(account, "verification_token")

    def _find_destination(self, client, account, endpoint, name):
        """The destination that is ours: by its id, else by its address or name."""
        if account.destination_ref:
            try:
                return read_destination(client.get_destination(account.destination_ref))
            except Rejected as error:
                if not error.not_found:
                    raise
        found = [
            read_destination(entry)
            for page in client.destination_pages()
            for entry in page["destinations"]
        ]
        found = [one for one in found if one]
        by_address = [one for one in found if one.endpoint == endpoint]
        by_name = [one for one in found if one.name == name]
        return next(iter(by_address + by_name), None)

    def _notice_marked_down(self, run, found):
        if found.status == MARKED_DOWN:
            run.account._message_log(
                body=self.env._(
                    "eBay had stopped using our webhook address because it did "
                    "not answer. It has been asked to use it again. Nothing is "
                    "lost: the regular runs read what was not pushed."
                )
            )

    def _switch_off(self, run, client):
        """No longer wanted: eBay is asked to stop."""
        account = run.account
        if not account.destination_ref or account.destination_status == DISABLED:
            return
        token = self._token(account)
        name = account._destination_name()
        document = destination_document(name, account.webhook_url, token, on=False)
        try:
            client.update_destination(account.destination_ref, document)
        except Rejected as error:
            if not error.not_found:
                raise
        self._changed(run, account, "destination", ENABLED, DISABLED)
        account.write({"destination_status": DISABLED, "destination_mark": False})
        account.subscription_ids.write({"state": "off", "message": False})

    # -- subscriptions -----------------------------------------------------------

    def _ensure_subscriptions(self, run, client):
        account = run.account
        offered = {
            topic.name: topic
            for page in client.topic_pages()
            for topic in map(read_topic, page["topics"])
            if topic
        }
        wanted = [*ALWAYS, *(BY_FEATURE[name] for name in BY_FEATURE if account[name])]
        there = {}
        for name in wanted:
            topic = offered.get(name)
            if topic is None:
                self._stands(run, name, state="not_offered", subscription_ref=False)
                continue
            if topic.by_user not in there:
                there[topic.by_user] = self._subscriptions(client, topic.by_user)
            self._ensure_subscription(run, client, topic, there[topic.by_user])
            run.save()
        self._stands(
            run,
            topics.ACCOUNT_DELETION,
            state="portal",
            message=self.env._(
                "Enter the address and the token there, then send a test."
            ),
        )
        unwanted = account.subscription_ids.filtered(
            lambda one: one.topic not in (*wanted, topics.ACCOUNT_DELETION)
        )
        for one in unwanted.filtered("subscription_ref"):
            self._drop(run, client, one)

    def _subscriptions(self, client, by_user):
        found = (
            read_subscription(entry)
            for page in client.subscription_pages(as_user=by_user)
            for entry in page["subscriptions"]
        )
        return {one.topic: one for one in found if one}

    def _ensure_subscription(self, run, client, topic, there):
        account = run.account
        document = subscription_document(
            topic.name, topic.version, account.destination_ref
        )
        found = there.get(topic.name)
        try:
            if found is None:
                ref = self._subscribe(client, topic, document)
            else:
                ref = found.subscription_ref
                ours = found.destination_ref == account.destination_ref
                if not ours and not topic.by_user and self._serves_a_sibling(found):
                    self._stands(
                        run,
                        topic.name,
                        state="on",
                        subscription_ref=ref,
                        by_user=False,
                        message=self.env._("Through another account of this keyset"),
                    )
                    return
                if not ours or found.status != ENABLED:
                    client.update_subscription(ref, document, as_user=topic.by_user)
        except (Rejected, Forbidden) as error:  # a topic may want a scope of its own
            self._stands(
                run,
                topic.name,
                state="refused",
                message=str(error)[:250],
                subscription_ref=False,
            )
            return
        self._stands(
            run, topic.name, state="on", subscription_ref=ref, by_user=topic.by_user
        )

    def _subscribe(self, client, topic, document):
        try:
            return client.create_subscription(
                document, as_user=topic.by_user
            ).created_id
        except Rejected as error:
            if not error.has(EXISTS):
                raise
        # made in the meantime, by a run whose answer was lost
        found = self._subscriptions(client, topic.by_user).get(topic.name)
        return found.subscription_ref if found else False

    def _serves_a_sibling(self, found):
        # sudo: a keyset may serve accounts of several companies
        return (
            self.env["ebay.account"]
            .sudo()
            .search_count([("destination_ref", "=", found.destination_ref)])
        )

    def _drop(self, run, client, row):
        try:
            client.delete_subscription(row.subscription_ref, as_user=row.by_user)
        except Rejected as error:
            if not error.not_found:
                raise
        self._stands(run, row.topic, state="off", subscription_ref=False)

    # -- eBay's key --------------------------------------------------------------

    def _ensure_key(self, run, client):
        """Know beforehand with which key eBay signs, so that no push waits for that.

        Which one it is only a push says: without any, eBay is asked for a sample.
        """
        account = run.account
        account._renew_public_keys(run.client)
        if not account._stored_public_keys() and self._order_topic(account):
            account._ask_for_test()

    @staticmethod
    def _order_topic(account):
        return account.subscription_ids.filtered(
            lambda one: one.topic == topics.ORDER_CONFIRMATION and one.state == "on"
        )

    # -- test --------------------------------------------------------------------

    def _test(self, run, client):
        """Ask eBay for a sample; it comes back through the webhook."""
        account = run.account
        if account.notification_test_state != "asked":
            return
        row = self._order_topic(account)
        try:
            if not row:
                raise Rejected(self.env._("There is no subscription to test"))
            account.notification_test_state = "sent"
            run.save()  # the sample may arrive before this transaction ends
            client.test_subscription(row.subscription_ref, as_user=row.by_user)
        except Rejected as error:
            account.write(
                {
                    "notification_test_state": "refused",
                    "notification_message": str(error)[:250],
                }
            )

    # -- helpers -----------------------------------------------------------------

    def _stands(self, run, topic, **values):
        """Record the state of a topic, and count it."""
        run.counts["seen"] += 1
        if self.env["ebay.subscription"]._note(run.account, topic, **values):
            run.counts["updated"] += 1
        else:
            run.counts["unchanged"] += 1
        refused = values["state"] == "refused"
        if refused:
            self.env["ebay.issue"]._raise(
                run.account,
                "topic_refused",
                topic,
                topic=topic,
                reason=values["message"],
            )
        else:
            self._close(run.account, "topic_refused", cause=topic)

    def _changed(self, run, account, what, before, after):
        run.counts["updated"] += 1
        run.line("updated", account, changes={what: [before, after]})

    def _tell_refusal(self, run, error):
        """Put into the inbox why eBay does not accept our address."""
        account = run.account
        unreachable = error.has(CHALLENGE_FAILED, BAD_ENDPOINT)
        code = "webhook_unreachable" if unreachable else "notifications_refused"
        account.write(
            {"destination_status": False, "notification_message": str(error)[:250]}
        )
        run.failed(account, error)
        self.env["ebay.issue"]._raise(
            account, code, reason=str(error)[:250], address=account.webhook_url
        )

    def _close(self, account, *codes, cause=None):
        domain = [
            ("account_id", "=", account.id),
            ("code", "in", codes),
            ("state", "=", "open"),
        ]
        if cause:
            domain.append(("cause", "=", cause))
        self.env["ebay.issue"].search(domain)._close()
