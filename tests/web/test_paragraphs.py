"""Every piece of a page is the document's own text, at its own offsets."""

from bot.web.paragraphs import blocks_of, excerpt, notes_on, pieces_of
from ingest.domain import Document


def test_blocks_are_headings_paragraphs_and_items(documents: list[Document]) -> None:
    cups = documents[0]
    found = [(b.kind, b.level, cups.text[b.start : b.end]) for b in blocks_of(cups)]
    assert found[0] == ("heading", 1, "About cups")
    assert ("heading", 2, "What is claimed?") in found
    assert ("item", 0, "One claim is about sleep.") in found
    assert ("paragraph", 0, "Cups draw out poison.") in found


def test_pieces_put_together_are_the_block(documents: list[Document]) -> None:
    for document in documents:
        for block in blocks_of(document):
            middle = (block.start + block.end) // 2
            for cited in (None, (block.start, block.end), (block.start, middle), (middle - 2, block.end + 50)):
                joined = "".join(piece.text for piece in pieces_of(document, block, cited))
                assert joined == document.text[block.start : block.end]


def test_cited_pieces_are_exactly_the_cited_range(documents: list[Document]) -> None:
    cups = documents[0]
    start = cups.text.index("Some are made")
    cited = (start, start + len("Some are made of bamboo."))
    marked = [p.text for b in blocks_of(cups) for p in pieces_of(cups, b, cited) if p.cited]
    assert marked == ["Some are made of bamboo."]


def test_a_sentence_carries_its_keys_at_its_end(documents: list[Document]) -> None:
    cups = documents[0]
    closing = {p.text: p.keys for b in blocks_of(cups) for p in pieces_of(cups, b) if p.last}
    assert closing["Cups are made of glass."] == ("Doe2020",)
    assert closing["People hold them to the skin."] == ("reasoning",)


def test_excerpt_is_the_quotation_inside_its_paragraph(documents: list[Document]) -> None:
    cups = documents[0]
    start = cups.text.index("Some are made")
    found = excerpt(cups, start, start + len("Some are made of bamboo."))
    assert found.quote == "Some are made of bamboo."
    assert found.before == "Cups are made of glass. "
    assert found.after == " People hold them to the skin."


def test_notes_are_found_by_overlap(documents: list[Document]) -> None:
    cups = documents[0]
    start = cups.text.index("draw out")
    assert [note.text for note in notes_on(cups, start, start + 3)] == ["No study has found that."]
    assert notes_on(cups, 0, 5) == ()
