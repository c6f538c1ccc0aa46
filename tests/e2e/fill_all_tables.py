"""Run in ``odoo-bin shell``: every table of the addon gets a row with every column set.

Prints the tables that stay empty.
"""
# ruff: noqa: F821

import json

from odoo.tools import SQL

account = env["ebay.account"].create({"name": "Filled", "mode": "mirror"})
order = env["sale.order"].create(
    {"partner_id": env["res.partner"].create({"name": "Buyer"}).id}
)
env["stock.picking"].create(
    {"picking_type_id": env["stock.picking.type"].search([], limit=1).id}
)
env["product.product"].create({"name": "Mug"})
env.flush_all()


def value_of(field):
    """Something for each kind of column."""
    if field.type == "many2one":
        table = env[field.comodel_name]._table
        env.cr.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))
        return env.cr.fetchone()[0]
    if field.type == "selection":
        values = field.get_values(env)
        return values[-1] if values else None
    return {
        "boolean": True,
        "integer": 7,
        "float": 7.5,
        "monetary": 7.5,
        "date": "2026-01-31",
        "datetime": "2026-01-31 10:20:30",
        "json": json.dumps({"a": ["b", 1]}),
        "binary": b"YQ==",
        "many2one_reference": 7,
    }.get(field.type, json.dumps({"en_US": "x"}) if field.translate else field.name)


def fill(model):
    """One row with every column; whether PostgreSQL took it."""
    values = {
        name: value_of(field)
        for name, field in model._fields.items()
        if field.store and field.column_type and name != "id"
    }
    try:
        with env.cr.savepoint():
            env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s) VALUES %s",
                    SQL.identifier(model._table),
                    SQL(", ").join(map(SQL.identifier, values)),
                    tuple(values.values()),
                )
            )
    except Exception as error:
        return str(error).splitlines()[0]
    return ""


waiting = [
    env[name]
    for name in env.registry
    if name.startswith("ebay.") and env[name]._auto and not env[name]._abstract
    if not env[name]._transient
]
for _round in range(4):  # a table may need a row of another one
    trouble = {model._name: fill(model) for model in waiting}
    waiting = [model for model in waiting if trouble[model._name]]
for name in ("sale.order", "sale.order.line", "stock.picking", "product.template"):
    model = env[name]
    values = {
        key: value_of(field)
        for key, field in model._fields.items()
        if key.startswith("ebay_") and field.store and field.column_type
    }
    for key, value in values.items():
        env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = (SELECT max(id) FROM %s)",
                SQL.identifier(model._table),
                SQL.identifier(key),
                value,
                SQL.identifier(model._table),
            )
        )
for model in waiting:
    env.cr.execute(SQL("SELECT 1 FROM %s LIMIT 1", SQL.identifier(model._table)))
    if not env.cr.fetchone():
        print(model._name, trouble[model._name])
