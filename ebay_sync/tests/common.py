"""What the addon's tests share: an account, users, commits that are savepoints."""

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.ebay_sync.ebay_api.oauth import Token

SCOPE = "https://api.ebay.com/oauth/api_scope"


def token(access="v^1.1#access", refresh=None, minutes=120, scopes=(SCOPE,)):
    """A token as ``ebay_api.oauth`` hands it over."""
    now = datetime.now(timezone.utc)
    return Token(
        access_token=access,
        expires_at=now + timedelta(minutes=minutes),
        refresh_token=refresh,
        refresh_expires_at=refresh and now + timedelta(days=547),
        scopes=tuple(scopes),
    )


class EbayCase(TransactionCase):
    """One account of the main company, a manager, a user and an outsider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.account = cls.env["ebay.account"].create(
            {
                "name": "Shop",
                "app_ref": "Shop-Test-SBX-0123456789ab-01234567",
                "ru_name": "Shop-ShopTest-abcdef",
                "client_secret": "SBX-0123456789ab-secret",
            }
        )
        cls.manager = new_test_user(
            cls.env, "ebay_manager", groups="ebay_sync.group_ebay_manager"
        )
        cls.user = new_test_user(
            cls.env, "ebay_user", groups="ebay_sync.group_ebay_user"
        )
        cls.outsider = new_test_user(cls.env, "outsider", groups="base.group_user")
        cls.robot = cls.env.ref("ebay_sync.user_ebay_robot")

    @classmethod
    def connect(cls, account=None, mode="mirror"):
        """Make an account look connected, with a token that holds."""
        account = account or cls.account
        seller = "SIMUSER1" if account == cls.account else f"SIMUSER-{account.id}"
        cls.env["ebay.token"]._store(account, "user", token(refresh="v^1.1#refresh"))
        account.write(
            {
                "state": "connected",
                "mode": mode,
                "user_ref": seller,
                "username": "seller",
                "granted_scopes": SCOPE,
            }
        )
        cls.woken(account).unlink()  # a test looks at what it wakes itself
        return account

    @classmethod
    def woken(cls, account=None):
        """What waits to be run for an account: Odoo's triggers."""
        crons = (account or cls.account).schedule_ids.cron_id
        return cls.env["ir.cron.trigger"].search([("cron_id", "in", crons.ids)])

    def url_open(self, url, *args, timeout=240, **kwargs):
        """As ``HttpCase`` has it, with the time that a busy machine needs."""
        return super().url_open(url, *args, timeout=timeout, **kwargs)

    @contextmanager
    def committing_env(self):
        """An environment of the robot whose commits are savepoints of the test."""
        self.env.flush_all()
        if hasattr(self, "enter_registry_test_mode"):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                yield self.env(cr=cr, user=self.robot.id)
        else:
            self.registry.enter_test_mode(self.cr)
            try:
                with self.registry.cursor() as cr:
                    yield self.env(cr=cr, user=self.robot.id)
            finally:
                self.registry.leave_test_mode()
        self.env.invalidate_all()

    def run_flow(self, name="tokens", work=None, account=None):
        """Run a flow as its scheduled action does; ``work`` replaces its own work."""
        account = account or self.account
        with self.committing_env() as env:
            flow = env["ebay.flow"]._flows()[name]
            target = env["ebay.account"].browse(account.id)
            if work is None:
                log = flow._run(target)
            else:
                with patch.object(type(flow), "_work", lambda self, run: work(run)):
                    log = flow._run(target)
            log_id = log.id if log else False
        return self.env["ebay.sync.log"].browse(log_id)

    @classmethod
    def second_company(cls):
        """Another company, with an account of its own."""
        company = cls.env["res.company"].create({"name": "Second"})
        cls.env.user.company_ids = [Command.link(company.id)]
        account = cls.env["ebay.account"].create(
            {"name": "Other shop", "company_id": company.id}
        )
        return company, account
