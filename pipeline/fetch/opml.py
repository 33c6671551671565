"""Lists of feeds as other readers export them (OPML 2.0), and indices of sitemaps; parsed apart, since a list may come from anywhere."""

from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transforms.read.sitemap import sitemaps_in

OPML: Final = "pipeline.fetch.opml:feeds_in"


def feeds_in(data: bytes) -> dict[str, Any]:
    """`addresses` of the feeds in the order of the list, how many leaves had none (`without`), and why it was `refused`, if it was."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        return _refused("declares a document type or entities, which a list of feeds does not need: take the <!DOCTYPE ...> out")
    except (ParseError, ValueError, LookupError) as error:
        return _refused(f"is no XML ({error}): export the list again")
    if root.tag.rpartition("}")[2] == "sitemapindex":
        return {"addresses": sitemaps_in(data), "without": 0, "refused": None}
    if root.tag.lower() != "opml":
        return _refused(f"is no list of feeds but <{root.tag[:40]}>: give OPML, an index of sitemaps, or TOML with [[feed]] tables")
    addresses: list[str] = []
    without = 0
    for outline in root.iter():
        if outline.tag.lower() != "outline":
            continue
        given = {name.lower(): value for name, value in outline.attrib.items()}
        address = given.get("xmlurl", "").strip()
        if address:
            addresses.append(address)
        elif len(outline) == 0:
            without += 1
    return {"addresses": addresses, "without": without, "refused": None}


def _refused(why: str) -> dict[str, Any]:
    return {"addresses": [], "without": 0, "refused": why}
