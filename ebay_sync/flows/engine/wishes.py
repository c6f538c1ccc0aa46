"""What people asked for is done only while they may still ask for it.

A button marks what is wanted, and who wanted it; a run acts on it minutes later. Until
then the person may have left, or have lost the right or the company.
"""


class Wishes:
    """Tells what was asked for by people who may still ask for it, in one run."""

    def __init__(self, run, group):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.group = group
        self._known = {}

    def hold(self, user):
        """Whether this user's wishes count."""
        if user not in self._known:
            mixin, company = self.env["ebay.access.mixin"], self.account.company_id
            self._known[user] = mixin._may_still(user, self.group, company)
        return self._known[user]

    def standing(self, rows, name):
        """Of ``rows`` those whose field ``name`` says that a wish of them holds.

        The others are reported in the inbox; the caller drops what was wanted of them.
        """
        void = rows.filtered(lambda row: not self.hold(row[name]))
        for row in void:
            self.env["ebay.issue"]._raise(
                self.account,
                "asker_gone",
                record=row,
                what=row.display_name,
                who=row[name].sudo().name or "-",  # sudo: a colleague's name
            )
            self.run.line("failed", row, message=self.env._("Nobody may ask for it."))
        return rows - void
