from contextlib import suppress

from hypothesis import HealthCheck, given, settings

from api.documents import Document, InvalidDocument, from_markdown, to_markdown
from tests.api.documents.builders import DOCUMENTS, MARKDOWN

_PATIENT = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_PATIENT
@given(DOCUMENTS)
def test_a_document_survives_the_way_through_markdown(document: Document):
    assert from_markdown(to_markdown(document)) == document


@_PATIENT
@given(DOCUMENTS)
def test_a_normalised_document_is_its_own_normal_form(document: Document):
    assert Document.parse(document.dump()) == document


@_PATIENT
@given(MARKDOWN)
def test_any_text_is_read_or_refused_and_what_is_read_is_stable(markdown: str):
    with suppress(InvalidDocument):
        document = from_markdown(markdown)
        assert from_markdown(to_markdown(document)) == document
