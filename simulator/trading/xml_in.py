"""Reads the XML that a program sends: plain XML, without a DTD, as eBay asks for."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser


class UnreadableXml(ValueError):
    """The document is no XML, or brings a DTD."""


def read_xml(body: bytes) -> Element:
    """The root of a document. Raises `UnreadableXml`."""
    parser = XMLParser(target=_WithoutDtd())
    try:
        parser.feed(body)
        return parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableXml(str(error)) from None


class _WithoutDtd(TreeBuilder):
    """Stops before the first entity is declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise UnreadableXml("A document type is declared")
