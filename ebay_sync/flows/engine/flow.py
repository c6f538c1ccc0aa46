"""The shared run of every flow: lock, log, slices; ``trouble.py`` says what stops what.

A flow is an AbstractModel that inherits ``ebay.flow``, says its name and interval, and
does its work in ``_work(run)``. It keeps nothing between calls.
"""

from functools import partial

from odoo import api, models

from ...compat import advisory_lock, see_anew
from ...private_log import private
from .run import Run
from .trouble import verdict


class EbayFlow(models.AbstractModel):
    """What all flows have in common."""

    _name = "ebay.flow"
    _description = "eBay flow"

    _flow_name = None  # technical name, e.g. "orders_in"
    _flow_sequence = 100
    _flow_interval = (1, "hours")
    _flow_modes = ("mirror", "live")  # the account modes in which it runs
    _flow_always = False  # a duty that ends with no connection, pause or archive

    # -- the flow's own part ---------------------------------------------------

    @api.model
    def _flow_label(self):
        """The flow's name for people."""
        return self._flow_name

    @api.model
    def _work(self, run):
        """Do the flow's work for ``run.account``; overridden by every flow."""
        raise AssertionError(f"{self._name} does not say what it does")

    # -- the shared run --------------------------------------------------------

    @api.model
    def _run(self, account, origin="schedule"):
        """Run once for ``account``; returns the log, or None when it could not run.

        Leaves quietly when another worker runs the same flow for this account, and
        when the account's mode or connection does not allow it. Never raises for what
        goes wrong on the way: it is in the log, and in the account's state.
        What it writes for people is in the company's language, whoever started it.
        """
        company, lang = account.company_id, account.lang or self.env.lang
        account = account.with_company(company).with_context(lang=lang)
        self = self.with_company(company).with_context(lang=lang)
        if not account._flow_may_run(self):
            return None
        lock = advisory_lock(self.env, "flow", account.id, self._flow_name)
        with private(), lock as free:
            if not free:
                return None
            see_anew(self.env)  # including what the previous run has done
            run = Run(self, account, origin)
            run.open()
            self._attempt(run)
            return run.log_sudo

    def _attempt(self, run):
        """Work, and close the log; a conflict at the very end is repeated, too."""
        try:
            with run.part():
                self._work(run)
            run.finish()
        except Exception as error:
            run.give_up(error)
            if verdict(error).lost:
                run.settle(partial(self._stop, run, error))
            run.settle(run.finish)

    def _stop(self, run, error):
        run.account._connection_lost(error)
        run.checkpoint()

    # -- the list of flows -----------------------------------------------------

    @api.model
    def _flows(self):
        """Every flow there is, ``{name: model}``, in the order in which they show."""
        children = self.env.registry.descendants(["ebay.flow"], "_inherit")
        flows = [self.env[name] for name in children if name != "ebay.flow"]
        return {
            flow._flow_name: flow
            for flow in sorted(flows, key=lambda flow: flow._flow_sequence)
            if flow._flow_name
        }
