from time import process_time

import pytest

from api.sample.content import read
from api.sample.pictures import DRAWINGS, NoSuchPicture, draw

PICTURES = {picture.name: picture for picture in read().pictures}


def test_every_picture_that_is_described_can_be_drawn_and_the_other_way_round() -> None:
    assert set(PICTURES) == set(DRAWINGS)
    assert len(DRAWINGS) == 21


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_picture_has_its_size_and_more_than_a_ground(name: str) -> None:
    picture = PICTURES[name]

    image = draw(name, picture.width // 4, picture.height // 4)

    assert image.mode == "RGB"
    assert image.size == (picture.width // 4, picture.height // 4)
    assert len(image.getcolors(maxcolors=1 << 20) or ()) > 50


@pytest.mark.parametrize("name", ["window-morning", "portrait-samir-norwood", "dots-migraine"])
def test_drawing_twice_gives_the_same_picture(name: str) -> None:
    assert draw(name, 400, 225).tobytes() == draw(name, 400, 225).tobytes()


def test_no_two_pictures_are_the_same() -> None:
    drawn = {draw(name, 160, 90).tobytes() for name in DRAWINGS}

    assert len(drawn) == len(DRAWINGS)


def test_a_full_picture_takes_less_than_two_seconds_of_work() -> None:
    began = process_time()

    image = draw("window-morning")

    assert image.size == (1600, 900)
    assert process_time() - began < 2


@pytest.mark.parametrize(("name", "left", "right"), [("dots-migraine", 41, 50), ("dots-tension", 43, 52)])
def test_the_dots_are_counted_right(name: str, left: int, right: int) -> None:
    red = draw(name, 1600, 900).getchannel("R").tobytes()
    places = [(round((column * 7.4) * 10), round((11.7 + row * 7.4) * 10)) for row in range(10) for column in range(10)]

    assert [sum(red[y * 1600 + start + x] < 128 for x, y in places) for start in (70, 864)] == [left, right]


def test_an_unknown_picture_is_refused() -> None:
    with pytest.raises(NoSuchPicture):
        draw("unicorn")
