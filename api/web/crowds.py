"""How many connections are open, in all and from one address; when there are too many, who keeps us waiting must go.

The newcomer is let in, so that a reader beside hundreds of idle connections is answered; it is refused only when every
other connection is being answered.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Protocol

from api.web.callers import prefix

MOST = 900
"""Beside the database's connections and some files, what a process may open on most machines: 1,024."""
MOST_PER_ADDRESS = 600


class Guest(Protocol):
    """As much of a connection as the crowd needs to know."""

    @property
    def keeps_waiting(self) -> bool:
        """Whether nothing is being answered on it."""

    def turn_out(self) -> None:
        """Close it at once."""


@dataclass
class Crowd:
    """The connections of one process; those from `proxies`, behind which many stand, are counted in all only."""

    most: int = MOST
    most_per_address: int = MOST_PER_ADDRESS
    proxies: Sequence[IPv4Network | IPv6Network] = ()
    _guests: dict[Guest, str | None] = field(default_factory=dict)
    _houses: defaultdict[str, dict[Guest, None]] = field(default_factory=lambda: defaultdict(dict))

    def __len__(self) -> int:
        return len(self._guests)

    def enter(self, guest: Guest, address: str | None) -> bool:
        """Let a connection in, if need be in place of the oldest that keeps us waiting; False when there is none."""
        house = self._house(address)
        own = self._houses[house] if house else {}
        room = (len(own) < self.most_per_address or _make_room(own)) and (
            len(self._guests) < self.most or _make_room(self._largest())
        )
        if room:
            self._guests[guest] = house
            if house:
                self._houses[house][guest] = None
        return room

    def leave(self, guest: Guest) -> None:
        house = self._guests.pop(guest, None)
        if house:
            self._houses[house].pop(guest, None)
            if not self._houses[house]:
                del self._houses[house]

    def _house(self, address: str | None) -> str | None:
        if not address or not prefix(address):
            return None
        found = ip_address(address)
        return None if any(found in network for network in self.proxies) else prefix(address)

    def _largest(self) -> dict[Guest, None]:
        """The connections of the address that has most; all of them where no address has any."""
        return max(self._houses.values(), key=len, default={}) or dict.fromkeys(self._guests)


def _make_room(guests: dict[Guest, None]) -> bool:
    """Turn out the oldest of those who keep us waiting."""
    for guest in guests:
        if guest.keeps_waiting:
            guest.turn_out()
            return True
    return False
