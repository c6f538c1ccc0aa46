"""The indexes that no field can declare: partial, unique, of expressions or of several
columns."""

from odoo import api, models
from odoo.tools import SQL

MARK = "ebay_sync: "


class EbayIndexes(models.AbstractModel):
    """Brings PostgreSQL's indexes in step with what the addon's models declare.

    A class declares them by their name in PostgreSQL, which never changes its table::

        _ebay_indexes = {"ebay_order_due_idx": "(account_id) WHERE state = 'pending'"}

    ``UNIQUE`` may stand before the columns. On install and on an upgrade an index whose
    text has changed is rebuilt, one that nobody declares any more is dropped, and one
    that is the same is left alone. The text stands in the index's comment behind
    ``MARK``: Odoo 19.0 does it like that too, but leaves alone what has no comment;
    18.0 has nothing of the kind.
    """

    _name = "ebay.indexes"
    _description = "eBay indexes"

    def init(self):
        """On install and on an upgrade, once all the tables are there."""
        self.pool.post_init(self._bring_in_step)

    @api.model
    def _bring_in_step(self):
        """Drop what is not declared like that, make what is missing."""
        declared, present = self._declared(), self._present()
        for name, text in present.items():
            if declared.get(name) != text:
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
        for name, text in declared.items():
            if present.get(name) != text:
                self._make(name, text)

    def _make(self, name, text):
        """Make an index, with its text as comment."""
        kind, table, columns = text.split("|")
        self.env.cr.execute(
            SQL(
                "CREATE %s %s ON %s %s",
                SQL(kind),
                SQL.identifier(name),
                SQL.identifier(table),
                SQL(columns),
            )
        )
        self.env.cr.execute(
            SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), MARK + text)
        )

    @api.model
    def _declared(self):
        """{name: text} of this addon's own classes; other addons are loaded later."""
        return {
            name: _text(model._table, definition)
            for model in self.pool.values()
            for cls in model.mro()
            if vars(cls).get("_module") == "ebay_sync"
            for name, definition in vars(cls).get("_ebay_indexes", {}).items()
        }

    @api.model
    def _present(self):
        """{name: text} of what has our mark, or a name that is declared."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname, obj_description(oid, 'pg_class')
                  FROM pg_class
                 WHERE relkind = 'i'
                   AND relnamespace = current_schema()::text::regnamespace
                   AND (relname = ANY(%s)
                        OR starts_with(obj_description(oid, 'pg_class'), %s))
                """,
                list(self._declared()),
                MARK,
            )
        )
        return {name: (comment or "").removeprefix(MARK) for name, comment in rows}


def _text(table, definition):
    """What makes an index, in one line: ``UNIQUE INDEX|table|(columns)``."""
    columns = " ".join(definition.split())
    if "%" in columns:
        raise ValueError(f"A per cent sign in an index of {table}: {columns}")
    kind = "UNIQUE INDEX" if columns.startswith("UNIQUE ") else "INDEX"
    return f"{kind}|{table}|{columns.removeprefix('UNIQUE ')}"
