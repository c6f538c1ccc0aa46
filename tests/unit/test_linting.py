"""The checks of `scripts/lint` that are ours find what they are for."""

from __future__ import annotations

import re

import pytest

from scripts.linting import run, translations, xml_form

GOOD_XML = """<?xml version="1.0" encoding="utf-8" ?>
<odoo>
    <!-- why -->
    <record id="view" model="ir.ui.view">
        <field name="arch" type="xml">
            <form><field name="a" /></form>
        </field>
    </record>
</odoo>
"""
POT = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Orders"
msgstr ""

msgid "%(count)s of %(total)s"
msgstr ""
"""
PO = POT.replace('"Orders"\nmsgstr ""', '"Orders"\nmsgstr "Bestellungen"').replace(
    'of %(total)s"\nmsgstr ""', 'of %(total)s"\nmsgstr "%(count)s von %(total)s"'
)


def xml_findings(tmp_path, text):
    path = tmp_path / "views.xml"
    path.write_text(text, "utf-8")
    return [what for _, what in xml_form.check(path)]


def test_good_xml_passes(tmp_path):
    assert xml_findings(tmp_path, GOOD_XML) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("</odoo>", "", "not well-formed"),
        ("</odoo>\n", "</odoo>", "one newline"),
        ("    <record", "  <record", "indented by 2, not 4"),
        ("    <!--", "  <!--", "indented by 2, not 4"),
        ("            <form>", "        <form>", "indented by 8, not 12"),
        ("    <record", "\t<record", "a tab"),
        ('"ir.ui.view">', '"ir.ui.view">  ', "blanks"),
        ("why", "why " * 40, "columns"),
    ],
)
def test_bad_xml_is_found(tmp_path, old, new, words):
    findings = xml_findings(tmp_path, GOOD_XML.replace(old, new))
    assert any(words in finding for finding in findings)


def po_findings(tmp_path, polish, german=PO, template=POT):
    for name, text in (("a.pot", template), ("pl.po", polish), ("de.po", german)):
        if text is not None:
            (tmp_path / name).write_text(text, "utf-8")
    return [what for _, _, what in translations.check(tmp_path)]


def test_whole_translations_pass(tmp_path):
    assert po_findings(tmp_path, PO) == []


@pytest.mark.parametrize(
    ("polish", "words"),
    [
        (None, "no such translation"),
        (PO.replace("Bestellungen", ""), "untranslated: 'Orders'"),
        (PO.replace('msgid "Orders"', '#, fuzzy\nmsgid "Orders"'), "fuzzy: 'Orders'"),
        (PO.replace("von %(total)s", "von %(all)s"), "placeholders differ"),
        (PO.replace('msgid "Orders"', 'msgid "Order"'), "missing: 'Orders'"),
        (PO.replace('msgid "Orders"', 'msgid "Order"'), "not in the template: 'Order'"),
    ],
)
def test_gaps_in_translations_are_found(tmp_path, polish, words):
    findings = po_findings(tmp_path, polish)
    assert any(words in finding for finding in findings)


@pytest.mark.parametrize(
    ("old", "new", "fine"), [("Due", "Termin", True), ("fa-", "fb-", False)]
)
def test_what_a_tag_says_is_translated(tmp_path, old, new, fine):
    tag = r"<i class=\"fa-clock\" title=\"Due\"/>"
    template = f'{POT}\nmsgid "{tag}"\nmsgstr ""\n'
    german = f'{PO}\nmsgid "{tag}"\nmsgstr "{tag}"\n'
    polish = f'{PO}\nmsgid "{tag}"\nmsgstr "{tag.replace(old, new)}"\n'
    findings = po_findings(tmp_path, polish, german, template)
    assert (findings == []) is fine


def test_a_missing_template_is_found(tmp_path):
    assert po_findings(tmp_path, PO, template=None) == ["no template (.pot)"]


def test_a_linter_that_breaks_is_no_clean_bill():
    with pytest.raises(run.Broken):
        list(run.places("ruff", "check", "--no-such-option"))


def test_a_linter_that_speaks_otherwise_is_no_clean_bill(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "bad.py").write_text("import os, sys\nx  = 1\n", "utf-8")
    assert list(run.form()) == ["bad.py:1: not formatted (ruff format)"]
    (finding, *_) = run.ruff()
    assert finding.startswith("bad.py:1: ")
    with pytest.raises(run.Broken):
        run.lint(re.compile("nothing like it"), "ruff", "check", ".")
