"""Reads XML that came from outside: nothing is looked up, nothing grows.

A document with a DTD is refused, whatever it declares: eBay sends none, and entities
live there. libxml2's own limits stay on: 256 levels, 10 million characters per text.
"""

from collections.abc import Iterator
from typing import Protocol

from lxml import etree

Element = etree._Element

# Never collect_ids=False: it makes libxml2 load the DTD that a document names.
_SAFE = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class UnreadableXml(ValueError):
    """The document is no XML, or holds what is refused here."""


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes: ...


def read_xml(body: bytes) -> Element:
    """The root of a whole document. Raises `UnreadableXml`."""
    try:
        root = etree.fromstring(body, etree.XMLParser(**_SAFE))
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableXml(str(error)) from None
    _refuse_dtd(root)
    return root


def xml_events(content: Readable, *names: str) -> Iterator[tuple[str, Element]]:
    """`start` and `end` of the elements `names` while the document comes in.

    A name stands with its namespace in braces. Who has used an element passes it to
    `forget`. Raises `UnreadableXml`, and what reading `content` raises.
    """
    events = etree.iterparse(content, events=("start", "end"), tag=names, **_SAFE)
    is_first = True
    try:
        for event, element in events:
            if is_first:
                _refuse_dtd(element)
                is_first = False
            yield event, element
    except etree.LxmlError as error:
        raise UnreadableXml(str(error)) from None


def forget(element: Element) -> None:
    """Free an element that has ended, with all that stands before it in its parent.

    What follows is being read already and must stay, the text behind it included.
    """
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refuse_dtd(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXml("A document type is declared")
