"""Which addresses are neighbours: for documents that wait in turn, and for places from which passwords are tried."""

import pytest

from api.addresses import neighbourhood


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:0:ff::/64", "2001:db8::/48"),
        ("2001:db8:0:ff::1", "2001:db8::/48"),
        ("198.51.0.0/16", "198.51.0.0/16"),
        ("unix", "unix"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_neighbourhood_is_a_24_or_a_48_and_what_is_no_address_stays_as_it_is(address, found):
    assert neighbourhood(address) == found


def test_a_smaller_one_is_asked_for_by_its_bits():
    assert neighbourhood("198.51.100.7", v4=32) == "198.51.100.7/32"
    assert neighbourhood("2001:db8:0:ff::/64", v4=32) == "2001:db8::/48"
