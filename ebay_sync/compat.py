"""The only file that knows which Odoo this is, and the only one that commits.

Everything else in the addon is written in forms that 18.0 and 19.0 both accept.
"""

import time
from contextlib import contextmanager

from odoo import models, release, sql_db
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as CONCURRENCY
from odoo.tools import SQL

__all__ = [
    "CONCURRENCY",
    "ODOO19",
    "RULE_FINDER",
    "SOL_TAXES",
    "SOL_UOM",
    "USER_GROUPS",
    "Checkpoint",
    "advisory_lock",
    "apply_adjustment",
    "group_members",
    "hold_rows",
    "lock_rows",
    "move_values",
    "place_groups",
    "see_anew",
    "sql_constraints",
    "try_lock",
]

ODOO19 = release.version_info[0] >= 19
SOL_TAXES, SOL_UOM = (
    ("tax_ids", "product_uom_id") if ODOO19 else ("tax_id", "product_uom")
)
# The model that finds the rule by which goods move.
RULE_FINDER = "stock.rule" if ODOO19 else "procurement.group"
USER_GROUPS = "group_ids" if ODOO19 else "groups_id"


def move_values(description):
    """What a stock move needs on one series only: 18.0 wants a name, 19.0 has none."""
    return {} if ODOO19 else {"name": description}


def apply_adjustment(moves):
    """Carry out the moves of an inventory adjustment, as Odoo's own one does."""
    if ODOO19:
        moves.with_context(ignore_dest_packages=True)._action_done()
        moves._trigger_assign()
    else:
        moves._action_done()


def sql_constraints(**named):
    """Table constraints for a class body: ``name=(sql, message)``.

    Used once a class as ``locals().update(sql_constraints(...))``; the constraint has
    the same name in PostgreSQL on both series.
    """
    if ODOO19:
        return {
            f"_{name}": models.Constraint(sql, msg)
            for name, (sql, msg) in named.items()
        }
    return {
        "_sql_constraints": [(name, sql, msg) for name, (sql, msg) in named.items()]
    }


def try_lock(records):
    """Lock the rows that nobody else holds; return those, skip the others.

    Raises ``CONCURRENCY``, which is not logged, for one that was changed since the
    transaction began.
    """
    if not records:
        return records
    records.env.cr.execute(
        SQL(
            "SELECT id FROM %s WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED",
            SQL.identifier(records._table),
            records.ids,
        ),
        log_exceptions=False,
    )
    return records.browse(row[0] for row in records.env.cr.fetchall())


def hold_rows(records):
    """Let rows that point to these be added, whoever changes them meanwhile.

    To be called first in a transaction: PostgreSQL refuses a row whose parent was
    changed since the transaction began, unless the parent was held before. Should it
    be too late already, that is raised (``CONCURRENCY``) and not logged.
    """
    _lock(records, SQL("FOR KEY SHARE"))


def lock_rows(records):
    """Hold these rows for writing, before anything is written to them.

    What another transaction has changed since this one began is found out here, raised
    (``CONCURRENCY``) and not logged: whoever called does it again.
    """
    _lock(records, SQL("FOR NO KEY UPDATE"))


def _lock(records, how):
    """Lock rows in one order, or wait; what fails is raised and not logged."""
    if records.ids:
        records.env.cr.execute(
            SQL(
                "SELECT 1 FROM %s WHERE id = ANY(%s) ORDER BY id %s",
                SQL.identifier(records._table),
                records.ids,
                how,
            ),
            log_exceptions=False,
        )


@contextmanager
def advisory_lock(env, *key):
    """Try to hold a named lock of this database; yields whether it was free.

    The lock lives on a connection of its own, so it outlasts the commits of the work
    it protects and ends with the process, however that ends (kill -9 included).
    """
    name = ":".join(map(str, ("ebay_sync", *key)))
    with sql_db.db_connect(env.cr.dbname).cursor() as cr:
        cr.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (name,))
        yield cr.fetchone()[0]


def group_members(group):
    """The users of a group, with those who have it through another one."""
    return group.all_user_ids if ODOO19 else group.users


def place_groups(env, category, groups):
    """Show ``groups`` as one choice under ``category`` on the user's form.

    18.0 keeps the category on the group itself, 19.0 puts a privilege in between.
    """
    if ODOO19:
        privilege = env["res.groups.privilege"].search(
            [("name", "=", "eBay"), ("category_id", "=", category.id)], limit=1
        ) or env["res.groups.privilege"].create(
            {"name": "eBay", "category_id": category.id}
        )
        groups.write({"privilege_id": privilege.id})
    else:
        own = env["ir.module.category"].search(
            [("name", "=", "eBay"), ("parent_id", "=", category.id)], limit=1
        ) or env["ir.module.category"].create(
            {"name": "eBay", "parent_id": category.id, "sequence": 5}
        )
        groups.write({"category_id": own.id})


def see_anew(env):
    """Begin a new transaction: what others have committed is seen from here on."""
    env.cr.commit()  # pylint: disable=invalid-commit


class Checkpoint:
    """Commits what is done so far; true while there is time for more.

    ``remaining`` is always reported as 0: who has more to do triggers its own
    scheduled action, because Odoo repeats a failed action at once for as long as it
    reports remaining work.
    """

    def __init__(self, env, seconds=60, clock=time.monotonic):
        self.cron = env["ir.cron"]
        self.clock = clock
        self.deadline = clock() + seconds
        self.done = 0

    def __call__(self, processed=0):
        """Commit ``processed`` more units of work; tell whether to go on."""
        self.done += processed
        if ODOO19:
            self.cron._commit_progress(processed, remaining=0)
        else:
            self.cron._notify_progress(done=self.done, remaining=0)
            self.cron.env.cr.commit()  # pylint: disable=invalid-commit
        return self.has_time()

    def has_time(self):
        """True until the slice's deadline; commits nothing."""
        return self.clock() < self.deadline

    def undo(self):
        """Drop what was done since the last commit, the caches included."""
        self.cron.env.cr.rollback()
        self.cron.env.invalidate_all()
