"""Sends hostile documents without a pause, as a process of its own: `python attacking.py URL FIRST WAY`.

WAY is `alike`, or `never-alike` for documents of which the API has never seen one before. It imports nothing of the
product, which takes longer than the siege, and tells by one line when its first answer is there.
"""

import http.client
import json
import sys
from itertools import cycle
from urllib.parse import urlsplit

from hostile import corpus

HEADERS = {"Content-Type": "application/json"}


def attack(url: str, first: int, *, alike: bool) -> None:
    """One connection that sends the documents in turn from the `first` on, each as soon as the last was answered."""
    documents = [query for _name, query in corpus()]
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    for number, query in enumerate(cycle(documents[first:] + documents[:first])):
        body = json.dumps({"query": query if alike else f"{query}#{first}.{number}"})
        try:
            connection.request("POST", "/graphql", body, HEADERS)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            connection.close()
        if not number:
            print("attacking", flush=True)  # noqa: T201 - to who started it


if __name__ == "__main__":
    attack(sys.argv[1], int(sys.argv[2]), alike=sys.argv[3] == "alike")
