"""Connect an account through eBay's real pages, and see that its token works."""

from __future__ import annotations

from ..stage.shop import Shop
from ..tooling.paths import Problem
from .report import Report


def play(shop: Shop, report: Report) -> None:
    """Account, consent, first run."""
    with report.step("Create an account with the local eBay's keys") as step:
        account_id = shop.create_account(mode="mirror")
        step["result"] = f"Account {account_id}."
    with report.step("Decline eBay's consent") as step:
        if "declined" not in shop.connect(action="decline"):
            raise Problem("A declined consent was not said to be one.")
        step["result"] = "Odoo says so, and nothing was changed."
    with report.step("Connect it through eBay's consent page") as step:
        shop.connect(action="agree")
        seller = shop.account("state", "username", "user_ref", "refresh_expires_at")
        if seller["state"] != "connected":
            raise Problem(f"The account is {seller['state']} after the consent.")
        step["result"] = (
            f"Seller {seller['username']}, "
            f"consent until {seller['refresh_expires_at']}."
        )
    with report.step("Run a flow in the background") as step:
        log = shop.run_now("tokens")
        if log["state"] != "done":
            raise Problem(f"The run is {log['state']}: {log['message']}")
        step["result"] = f"Log {log['id']}: {log['state']}."
