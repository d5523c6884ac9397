"""`POST /media` as it is meant to be used, against a real server."""

import asyncio
import hashlib
import io
import json
from typing import Any

import httpx
import pytest
from forms_by_hand import BOUNDARY, form
from pictures_by_hand import (
    CANARY,
    cmyk,
    drawn,
    photograph,
    saved,
    sixteen_bits,
    with_gps,
    with_profile,
    with_text_chunks,
)
from PIL import Image, ImageChops, ImageStat
from upload_server import SITE, Clinic


async def post(clinic: Clinic, body: bytes, role: str = "AUTHOR") -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        headers = clinic.headers(role) | {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        return await client.post(f"{clinic.server.url}/media", content=body, headers=headers)


async def picture(clinic: Clinic, rendition: dict[str, Any]) -> Image.Image:
    """Fetch a rendition from its address, as a reader's browser does."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(rendition["url"].replace(SITE, clinic.server.url))
    assert (answer.status_code, answer.headers["content-type"]) == (200, rendition["mime"])
    assert CANARY.encode() not in answer.content
    found = Image.open(io.BytesIO(answer.content))
    found.load()
    assert found.size == (rendition["width"], rendition["height"])
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(found.info)
    return found


async def test_a_picture_is_answered_as_graphql_shows_it(clinic: Clinic):
    data = saved(photograph(2000, 1000), "JPEG")

    answer = await post(
        clinic,
        form(
            data,
            alt="  Two chairs by a window ",
            caption="Our waiting room",
            credit="R. Calloway",
            licence="CC-BY-4.0",
            focalPoint='{"x": 0.25, "y": 1}',
        ),
    )

    shown = answer.json()
    digest = hashlib.sha256(data).hexdigest()
    address = f"{SITE}/media/{digest}-"
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "private, no-store"
    assert shown.pop("id").startswith("med_")
    assert shown.pop("renditions") == [
        {"url": f"{address}{width}.{ext}", "width": width, "height": width // 2, "mime": mime}
        for width in (480, 768, 1200, 1600)
        for ext, mime in (("webp", "image/webp"), ("jpg", "image/jpeg"))
    ]
    assert shown == {
        "sha256": digest,
        "src": f"{address}1600.webp",
        "srcset": ", ".join(f"{address}{width}.webp {width}w" for width in (480, 768, 1200, 1600)),
        "width": 2000,
        "height": 1000,
        "mime": "image/jpeg",
        "alt": "Two chairs by a window",
        "decorative": False,
        "caption": "Our waiting room",
        "credit": "R. Calloway",
        "licence": "CC-BY-4.0",
        "focalPoint": {"x": 0.25, "y": 1.0},
        "version": 1,
    }


async def test_the_act_is_in_the_audit_log(clinic: Clinic):
    shown = (await post(clinic, form(saved(drawn(seed=11), "PNG")), "EDITOR")).json()

    (entry,) = await clinic.rows(
        "SELECT member.email, verb, before, after FROM audit_entry JOIN member ON member.id = actor WHERE thing = $1",
        shown["id"],
    )

    after = json.loads(entry.pop("after"))
    assert entry == {"email": "editor@clinic.example", "verb": "uploadMedia", "before": None}
    assert (after["sha256"], after["alt"], after["version"]) == (shown["sha256"], shown["alt"], 1)


@pytest.mark.parametrize(("role", "seed"), [("AUTHOR", 30), ("EDITOR", 31), ("ADMIN", 32)])
async def test_authors_editors_and_admins_upload(clinic: Clinic, role: str, seed: int):
    answer = await post(clinic, form(saved(drawn(seed=seed), "PNG"), decorative="true"), role)

    assert answer.status_code == 201
    assert (answer.json()["alt"], answer.json()["decorative"]) == (None, True)


async def test_the_same_bytes_answer_the_picture_that_is_there(clinic: Clinic):
    data = saved(drawn(seed=12), "PNG")
    first = await post(clinic, form(data))
    count, files = await clinic.assets(), clinic.server.files()

    again = await post(clinic, form(data, alt="Something else"), "EDITOR")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (await clinic.assets(), clinic.server.files()) == (count, files)


async def test_the_same_bytes_sent_at_once_are_kept_once(clinic: Clinic):
    data, count = saved(drawn(seed=13), "PNG"), await clinic.assets()

    answers = await asyncio.gather(*(post(clinic, form(data)) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await clinic.assets() == count + 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_each_kind_is_known_by_its_content(clinic: Clinic, kind: str):
    body = form(saved(drawn(500, 300, seed=20), kind), filename="letter.docx", mime="text/html")

    shown = (await post(clinic, body)).json()

    assert shown["mime"] == f"image/{kind.lower()}"
    assert [(each["width"], each["height"]) for each in shown["renditions"]] == [(480, 288)] * 2 + [(500, 300)] * 2
    for rendition in shown["renditions"]:
        await picture(clinic, rendition)


async def test_a_photograph_stands_upright_and_forgets_where_it_was_taken(clinic: Clinic):
    data = with_gps()
    assert CANARY.encode() in data

    shown = (await post(clinic, form(data))).json()

    assert (shown["width"], shown["height"]) == (480, 640)
    original = drawn(640, 480).transpose(Image.Transpose.ROTATE_270)
    for rendition in shown["renditions"]:
        kept = await picture(clinic, rendition)
        assert _distance(kept.convert("RGB"), original) < 6
    exported = await clinic.rows("SELECT * FROM media_asset WHERE id = $1", shown["id"])
    assert CANARY not in str(exported)


async def test_text_inside_a_png_is_left_behind(clinic: Clinic):
    shown = (await post(clinic, form(with_text_chunks()))).json()

    for rendition in shown["renditions"]:
        await picture(clinic, rendition)


async def test_inks_sixteen_bits_and_broken_profiles_become_plain_colours(clinic: Clinic):
    inks = (await post(clinic, form(cmyk()))).json()["renditions"][0]
    assert _distance((await picture(clinic, inks)).convert("RGB"), drawn(seed=5)) < 12

    ramp = await picture(clinic, (await post(clinic, form(sixteen_bits()))).json()["renditions"][1])
    assert [abs(ramp.getpixel((x, 8))[0] - x) <= 3 for x in (0, 64, 128, 192, 255)] == [True] * 5

    broken = (await post(clinic, form(with_profile()))).json()["renditions"][0]
    assert _distance((await picture(clinic, broken)).convert("RGB"), drawn(seed=6)) < 6


async def test_what_is_transparent_stays_so_in_webp_and_is_white_in_jpeg(clinic: Clinic):
    clear = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (0, 0, 50, 100))

    webp, jpeg = (await post(clinic, form(saved(clear, "PNG")))).json()["renditions"]

    assert (await picture(clinic, webp)).convert("RGBA").getpixel((90, 50))[3] == 0
    assert (await picture(clinic, jpeg)).getpixel((90, 50)) == (255, 255, 255)
    assert (await picture(clinic, jpeg)).getpixel((10, 50))[2] > 240


async def test_nothing_but_renditions_is_left_in_the_folder(clinic: Clinic):
    shown = (await post(clinic, form(saved(drawn(seed=14), "PNG"), filename="../../etc/cron.d/x"))).json()

    mine = {name for name in clinic.server.files() if shown["sha256"] in name}
    assert mine == {f"media/{each['url'].rpartition('/')[2]}" for each in shown["renditions"]}
    assert all(name.startswith("media/") and name.endswith((".webp", ".jpg")) for name in clinic.server.files())


async def test_only_post_is_answered(clinic: Clinic):
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{clinic.server.url}/media")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def _distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures' samples, of 255."""
    scaled = other.convert("RGB").resize(one.size, Image.Resampling.LANCZOS)
    means = ImageStat.Stat(ImageChops.difference(one, scaled)).mean
    return sum(means) / len(means)
