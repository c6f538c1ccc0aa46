"""Hostile XML: refused whole, at once, and without a look at anything else."""

import io
import os
import threading
import time

import pytest

from ebay_api.xml_reader import UnreadableXml, forget, read_xml, xml_events


def entities(deepest):
    """Ten levels of entities, each ten times the one before: 10^10 characters."""
    levels = [
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 11)
    ]
    return f'<!DOCTYPE x [<!ENTITY e0 "a">{"".join(levels)}]>{deepest}'.encode()


HOSTILE = {
    "nothing": b"",
    "laughs": entities("<x>&e10;</x>"),
    "laughs in an attribute": entities('<x a="&e10;"/>'),
    "one long entity": b'<!DOCTYPE x [<!ENTITY a "%s">]><x>%s</x>'
    % (b"a" * 100_000, b"&a;" * 10_000),
    "an entity of its own": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "an entity in a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><x>&a;</x>',
    "a DTD in a file": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    "a DTD far away": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "a DTD in pieces": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;]><x/>',
    "a DTD in UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode(
        "utf-16"
    ),
    "an unknown entity": b"<x>&secret;</x>",
    "deep": b"<x>" * 100_000 + b"</x>" * 100_000,
    "no UTF-8": b"<x>\xff\xfe</x>",
    "an unknown encoding": b'<?xml version="1.0" encoding="klingon"?><x/>',
    "a control character": b"<x>\x0b</x>",
    "a zero": b"<x>\x00</x>",
    "a zero by number": b"<x>&#0;</x>",
    "half an emoji": b"<x>&#xD83D;</x>",
    "half an emoji in bytes": b"<x>\xed\xa0\xbd</x>",
    "no character": b"<x>\xef\xbf\xbe</x>",
    "two roots": b"<x/><x/>",
    "cut off": b"<x><y/>",
}


def by_events(body):
    return [e for e in xml_events(io.BytesIO(body), "x")]


@pytest.mark.parametrize("read", [read_xml, by_events])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_refused_at_once(read, body):
    began = time.monotonic()
    with pytest.raises(UnreadableXml):
        read(body)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("read", [read_xml, by_events])
@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x SYSTEM "file://{}"><x/>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file://{}">]><x>&a;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file://{}">]><x b="&a;"/>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "file://{}">%a;]><x/>',
        '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{}"/></x>',
        '<?xml-stylesheet href="file://{}"?><x/>',
    ],
)
def test_no_file_is_opened(tmp_path, read, body):
    """Who opens the pipe waits for ever: nobody writes to it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def attempt():
        try:
            read(body.format(pipe).encode())
        except UnreadableXml:
            pass

    reader = threading.Thread(target=attempt, daemon=True)
    reader.start()
    reader.join(10)
    assert not reader.is_alive()


def test_comments_and_instructions_are_no_elements():
    root = read_xml(b"<x>a<!-- b --><?c d?><y/></x>")
    assert [child.tag for child in root] == ["y"]


def test_the_named_elements_come_while_the_document_is_read():
    found = []
    body = b"<a><r n='1'><x/></r> <s/><r n='2'/>tail</a>"
    for event, element in xml_events(io.BytesIO(body), "r"):
        if event == "end":
            found.append((element.get("n"), len(element)))
            assert element.getprevious() is None or element.get("n") == "2"
            forget(element)
            assert len(element) == 0 and element.getprevious() is None
    assert found == [("1", 1), ("2", 0)]
