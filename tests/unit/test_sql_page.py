"""docs/sql.md lists the addon's SQL as it is, each place with its purpose."""

from __future__ import annotations

from scripts.linting import sql_page

SAMPLE = '''
from odoo.tools import SQL

# The rows that count.
GOOD = SQL("state = 'open'")

class Model:
    # One row for each code.
    _ebay_indexes = {"a_uniq": "UNIQUE (code)", "b_idx": "(name)"}

    def look(self):
        """What is due.

        And more.
        """
        return self.env.execute_query(SQL("SELECT id FROM a WHERE %s", GOOD))

    def silent(self):
        self.env.cr.execute("UPDATE a SET b = 1")

    def other(self):
        return self.env["a"].search([])
'''


def test_every_statement_says_what_it_is_for():
    silent = [f"{one.file}: {one.name}" for one in sql_page.places() if not one.purpose]
    assert not silent, "say it in the docstring of the function, or right above"


def test_the_page_is_as_the_code_is():
    written = (sql_page.ROOT / sql_page.PAGE).read_text("utf-8")
    assert written == sql_page.page(sql_page.places()), "scripts/sql writes it anew"


def test_places_are_found_with_their_purpose():
    found = [
        (one.name, one.statements, one.purpose)
        for one in sql_page.in_python("a.py", SAMPLE)
    ]
    assert found == [
        ("GOOD", "a part of one", "The rows that count."),
        ("Model._ebay_indexes", "2 INDEX", "One row for each code."),
        ("Model.look", "1 SELECT", "What is due."),
        ("Model.silent", "1 UPDATE", ""),
    ]


def test_a_statement_of_a_file_needs_a_comment_of_its_own():
    text = "-- No token.\nDELETE FROM ebay_token;\nUPDATE a\n   SET b = 1;\n"
    found = [
        (one.name, one.statements, one.purpose)
        for one in sql_page.in_sql("data/a.sql", text)
    ]
    assert found == [
        ("ebay_token", "1 DELETE", "No token."),
        ("a", "1 UPDATE", ""),
    ]
