"""Only published references, our own reader and telephones are linked."""

import pytest

from bot.web.links import document_link, reference_link, safe_address, telephone_link
from ingest.domain import Reference


def reference(**fields: str) -> Reference:
    return Reference("k", "A title", "An author", "A journal", **fields)


def test_doi_comes_before_pmid_before_address() -> None:
    assert reference_link(reference(doi="10.1000/x.1", pmid="1", url="https://a.example")) == (
        "https://doi.org/10.1000/x.1"
    )
    assert reference_link(reference(pmid="31982686")) == "https://pubmed.ncbi.nlm.nih.gov/31982686/"
    assert reference_link(reference(url="https://a.example/p?q=1")) == "https://a.example/p?q=1"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "ftp://a.example",
        "https://",
        "http:///x",
        "",
        "JaVaScRiPt:1",
    ],
)
def test_no_other_scheme_is_linked(address: str) -> None:
    assert safe_address(address) == ""
    assert reference_link(reference(url=address)) == ""


def test_a_doi_that_is_none_is_not_linked() -> None:
    assert reference_link(reference(doi='x" onclick="alert(1)')) == ""


def test_document_link_escapes_what_it_is_given() -> None:
    assert document_link("a/../b c", 1, 2, "v&1") == "/library/a%2F..%2Fb%20c?start=1&end=2&version=v%261#cited"


def test_telephone_link_keeps_what_can_be_dialled() -> None:
    assert telephone_link("+44 116 123") == "tel:+44116123"
