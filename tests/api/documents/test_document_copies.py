"""What was rendered for the clinic's pages becomes a copy for others without being rendered anew, and the same."""

from dataclasses import replace

from hypothesis import given

from api.documents import Booking, Label, Picture, RenderContext, copied, render
from tests.api.documents.builders import DOCUMENTS, document, leaf

SHA = "a" * 64
PICTURE = Picture(f"/media/{SHA}-480.webp", 480, 240, "A < door", "Caption", srcset=f"/media/{SHA}-480.webp 480w")
AT_HOME = RenderContext(
    labels={"a": Label(1, 'Irnich "2001"')},
    addresses={"cnd_1a": "/conditions/neck", "trt_2b": "/treatments/needles"},
    pictures={"med_1a": PICTURE},
    bookings={"clinic": Booking("Book > here", "/contact"), "prc_3c": Booking("Book", "javascript:alert(1)")},
)
SITE = "https://clinic.example"
ABROAD = replace(AT_HOME, id_prefix="m-", absolute=SITE, calls_to_action=False)


def made(tree, *, licensed: bool) -> str:
    blocks = [block.html for block in render(tree, AT_HOME).blocks]
    return copied(blocks, id_prefix="m-", absolute=SITE, pictures={SHA} if licensed else ())


@given(DOCUMENTS)
def test_a_copy_is_what_the_renderer_would_have_written_for_it(tree):
    assert made(tree, licensed=True) == render(tree, ABROAD).html
    assert made(tree, licensed=False) == render(tree, replace(ABROAD, pictures={})).html


def test_words_that_look_like_markup_stay_words():
    tree = document('<a id="x" href="/y"> <figure> id="z" href="#q"', leaf("horizontalRule"))
    assert made(tree, licensed=True) == '<p>&lt;a id="x" href="/y"&gt; &lt;figure&gt; id="z" href="#q"</p>\n<hr>'
