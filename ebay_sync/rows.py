"""Many rows in one statement, where the ORM would take one after the other.

Made for thousands of rows of the addon's own tables. No right is checked, no default
set and no hook called: the caller has seen to that, and nothing may be computed from
the columns.
"""

import json

from odoo.tools import SQL

# The time as Odoo stores it: UTC, without a zone.
NOW = SQL("now() at time zone 'UTC'")


def update_rows(records, **values):
    """Write to each of ``records``; a list has a value for each, else it is for all."""
    if not records:
        return
    records.flush_model(list(values))
    each, same = _parted(records, values)
    names = [*each, "id"]
    assignments = [SQL("%s = new.%s", _name(name), _name(name)) for name in each]
    assignments += [SQL("%s = %s", _name(name), value) for name, value in same.items()]
    assignments += [SQL("write_uid = %s, write_date = %s", records.env.uid, NOW)]
    records.env.cr.execute(
        SQL(
            "UPDATE %(table)s SET %(assignments)s FROM unnest(%(columns)s) "
            "AS new(%(names)s) WHERE %(table)s.id = new.id",
            table=_name(records._table),
            assignments=SQL(", ").join(assignments),
            columns=SQL(", ").join([*each.values(), SQL("%s", list(records.ids))]),
            names=SQL(", ").join(map(_name, names)),
        ),
        log_exceptions=False,  # it carries what eBay said; the caller hears of it
    )
    records.invalidate_recordset(list(values), flush=False)


def insert_rows(model, **values):
    """Add rows to ``model``; a list has a value for each row, else it is for all."""
    each, same = _parted(model, values)
    for what in ("create", "write"):
        same |= {f"{what}_uid": SQL("%s", model.env.uid), f"{what}_date": NOW}
    new = [SQL("new.%s", _name(name)) for name in each]
    model.env.cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(all)s) SELECT %(values)s "
            "FROM unnest(%(columns)s) AS new(%(names)s)",
            table=_name(model._table),
            all=SQL(", ").join(map(_name, [*each, *same])),
            values=SQL(", ").join([*new, *same.values()]),
            columns=SQL(", ").join(each.values()),
            names=SQL(", ").join(map(_name, each)),
        ),
        log_exceptions=False,  # as above
    )
    model.invalidate_model(list(values), flush=False)


def _parted(model, values):
    """The values as SQL: ({name: array}, {name: value})."""
    each, same = {}, {}
    for name, value in values.items():
        field = model._fields[name]
        kind = SQL(field.column_type[1])
        if isinstance(value, list):
            listed = [_stored(field, one) for one in value]
            each[name] = SQL("%s::%s[]", listed, kind)
        else:
            same[name] = SQL("%s::%s", _stored(field, value), kind)
    return each, same


def _stored(field, value):
    """A value as its column takes it."""
    if field.type == "boolean":
        return bool(value)
    if field.type == "json":
        return json.dumps(value) if value else None
    return None if value is False else value


def _name(name):
    return SQL.identifier(name)
