"""Changing what is said of a picture."""

from typing import Any

import pytest

from api.audit import AuditEntry
from api.errors import Invalid
from api.media.editing import NoSuchPicture, PictureChanged, describe
from api.media.models import MediaAsset
from api.media.words import FocalPoint, Words

BY = "mbr_x"
in_database = pytest.mark.usefixtures("database")


async def kept() -> MediaAsset:
    return await MediaAsset.create(
        sha256="a" * 64, mime="image/png", width=1, height=1, alt="A chair", caption="Here", renditions=[]
    )


@in_database
async def test_what_is_sent_changes_and_the_rest_stays():
    asset = await kept()

    await describe(asset.id, 1, BY, alt=" Two chairs ", credit="R. Calloway", focal_point=FocalPoint(0.5, 0))

    row = await MediaAsset.get(id=asset.id)
    assert (row.alt, row.caption, row.credit, row.licence) == ("Two chairs", "Here", "R. Calloway", None)
    assert (row.focal_point, row.version) == ({"x": 0.5, "y": 0.0}, 2)
    (entry,) = await AuditEntry.all()
    assert (entry.actor, entry.verb, entry.thing) == (BY, "updateMediaAsset", asset.id)
    assert (entry.before["alt"], entry.before["version"]) == ("A chair", 1)
    assert (entry.after["alt"], entry.after["version"]) == ("Two chairs", 2)


@in_database
async def test_null_clears():
    asset = await kept()

    row = await describe(asset.id, 1, BY, caption=None)

    assert (row.caption, row.alt) == (None, "A chair")


@in_database
async def test_alt_and_decorative_replace_each_other():
    asset = await kept()

    assert (await describe(asset.id, 1, BY, decorative=True)).alt is None
    assert (await describe(asset.id, 2, BY, alt="A chair")).decorative is False


@in_database
async def test_what_cannot_be_is_refused_and_nothing_changes():
    asset = await kept()

    with pytest.raises(Invalid, match="Say in alt"):
        await describe(asset.id, 1, BY, alt=None, caption="There")

    row = await MediaAsset.get(id=asset.id)
    assert (row.alt, row.caption, row.version, await AuditEntry.all().count()) == ("A chair", "Here", 1, 0)


@pytest.mark.parametrize(
    ("sent", "words", "path"),
    [
        ({"alt": None}, "Say in alt", ("alt",)),
        ({"alt": "  "}, "Say in alt", ("alt",)),
        ({"decorative": True}, "leave out one", ("alt",)),
        ({"alt": "x" * 301}, "alt has 301 characters: at most 300", ("alt",)),
        ({"caption": "x" * 501}, "at most 500", ("caption",)),
        ({"credit": "x" * 201}, "at most 200", ("credit",)),
        ({"licence": "x" * 101}, "at most 100", ("licence",)),
        ({"alt": "A\0chair"}, "cannot be shown", ("alt",)),
        ({"alt": "A \ud800 chair"}, "cannot be shown", ("alt",)),
        ({"alt": "chair.webp"}, "name of a file", ("alt",)),
        ({"focal_point": FocalPoint(-0.1, 0)}, "from 0", ("focalPoint",)),
        ({"focal_point": FocalPoint(float("nan"), 0)}, "from 0", ("focalPoint",)),
    ],
)
def test_words_that_will_not_do_are_refused_with_their_place(sent: dict[str, Any], words: str, path: tuple[str]):
    with pytest.raises(Invalid, match=words) as refused:
        Words(**{"alt": "A chair", **sent}).checked()

    assert refused.value.path == path


@in_database
async def test_a_stale_version_changes_nothing():
    asset = await kept()
    await describe(asset.id, 1, BY, alt="Two chairs")

    with pytest.raises(PictureChanged):
        await describe(asset.id, 1, BY, alt="Three chairs")

    assert (await MediaAsset.get(id=asset.id)).alt == "Two chairs"


@in_database
async def test_an_unknown_picture_is_not_found():
    with pytest.raises(NoSuchPicture):
        await describe("med_x", 1, BY, alt="A chair")
