"""What the end-to-end tests let stand in Odoo's log."""

from e2e.server_log import unexpected

HEAD = "2026-11-21 06:56:46,454 8146 {} db odoo.sql_db: "
GAVE_WAY = (
    HEAD.format("ERROR")
    + "bad query: b'UPDATE x\\n SET y'\n"
    + "ERROR: could not serialize access due to concurrent update\n"
    + 'CONTEXT:  SQL statement "SELECT 1"\n \n'
)
DEADLOCK = HEAD.format("ERROR") + "bad query: b'UPDATE x'\nERROR: deadlock detected\n\n"
INFO = HEAD.format("INFO") + "something\n"
WARNING = HEAD.format("WARNING") + "something else\n  on two lines\n"


def test_who_gives_way_is_no_trouble_and_all_else_is():
    assert unexpected(INFO + GAVE_WAY + INFO, []) == []
    found = unexpected(GAVE_WAY + DEADLOCK + GAVE_WAY + WARNING + INFO, [])
    assert found == [DEADLOCK.splitlines()[0], WARNING.splitlines()[0]]
    assert len(unexpected(DEADLOCK + GAVE_WAY, [])) == 1
    assert len(unexpected(DEADLOCK + INFO + WARNING, [])) == 2


def test_what_a_test_expects_is_matched_from_its_beginning():
    assert unexpected(WARNING, ["something else"]) == []
    assert unexpected(WARNING, ["else"]) == [WARNING.splitlines()[0]]
    assert unexpected(WARNING, [r".*two lines"]) == [WARNING.splitlines()[0]]


def test_a_message_that_only_quotes_a_conflict_is_no_conflict():
    quoted = HEAD.format("ERROR") + "Job failed: could not serialize access\n"
    assert unexpected(quoted, []) == [quoted.rstrip()]
