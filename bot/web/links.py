"""Links that pages may carry: to published references over http(s), to our own reader, and to a telephone."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from bot.domain import Citation
from ingest.domain import Reference

_DOI = re.compile(r"^10\.\d{4,9}/\S+$")
_PMID = re.compile(r"^\d{1,9}$")
_NOT_DIALLED = re.compile(r"[^\d+*#]")


def reference_link(reference: Reference) -> str:
    """Where a reference can be read: its DOI, PubMed entry or address; empty where it has none that is safe."""
    if reference.doi and _DOI.match(reference.doi):
        return "https://doi.org/" + quote(reference.doi, safe="/:;()._-<>")
    if reference.pmid and _PMID.match(reference.pmid):
        return f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    return safe_address(reference.url or "")


def safe_address(address: str) -> str:
    """The address where it is plain http(s) with a host; else empty."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.hostname else ""


def citation_link(citation: Citation, version: str) -> str:
    """Our reader's page for a citation: it names the version cited from, and can be shared."""
    return document_link(citation.document, citation.start, citation.end, version)


def document_link(document: str, start: int, end: int, version: str) -> str:
    """Our reader's page for a range of characters of a document's text in one version."""
    query = urlencode({"start": start, "end": end, "version": version})
    return f"/library/{quote(document, safe='')}?{query}#cited"


def telephone_link(number: str) -> str:
    """A `tel:` address for a number as written for people."""
    return "tel:" + _NOT_DIALLED.sub("", number)
