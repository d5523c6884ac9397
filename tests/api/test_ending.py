"""Who asks for the end is heard at once where that is safe, and elsewhere at the next place that heeds."""

import os
import signal
from collections.abc import Iterator

import pytest

from api import ending

SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


@pytest.fixture(autouse=True)
def heeding() -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}  # `nohup` has SIGHUP ignored
    ending.heed_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    ending.WISH.asked = False


@pytest.mark.parametrize("how", SIGNALS)
def test_a_signal_is_noted_and_interrupts_nothing(how):
    os.kill(os.getpid(), how)
    with pytest.raises(ending.Asked):
        ending.heed()


@pytest.mark.parametrize("how", SIGNALS)
def test_a_signal_strikes_where_it_may(how):
    with pytest.raises(ending.Asked), ending.at_once():
        os.kill(os.getpid(), how)


def test_after_a_signal_nothing_begins_in_which_it_may_strike():
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(ending.Asked), ending.at_once():
        pytest.fail("It began.")


def test_a_second_signal_does_not_strike_while_the_end_takes_its_time():
    with pytest.raises(ending.Asked), ending.at_once():
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    assert ending.Wish(asked=True, at_once=False) == ending.WISH


def test_nobody_asked_and_all_goes_on():
    ending.heed()
    with ending.at_once():
        assert ending.WISH.at_once
    assert not ending.WISH.at_once
