"""Hears webhooks, keeps the mirror in step and honours recalls: `python hooks.py http://localhost:8000 site`.

Put it behind your web server. Needs `pip install httpx standardwebhooks`, the partner's key in MERIDIAN_KEY and the
webhook's secret in MERIDIAN_WEBHOOK_SECRET; PORT is 8080 unless you say otherwise.
"""

import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from partner import Mirror, sync
from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 20_000
HOUR = 3600
OPEN = "{ viewer { partner { recalls(openOnly: true, first: 100) { nodes { id articleId } } } } }"
GONE = "mutation ($id: ID!) { acknowledgeRecall(input: {id: $id}) { userErrors { message } } }"
SECRET = os.environ["MERIDIAN_WEBHOOK_SECRET"]
wanted = threading.Event()


class Hook(BaseHTTPRequestHandler):
    """Answers at once; the work is done by `keep_in_step`, however many messages came meanwhile."""

    timeout = 10

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST))
        try:
            Webhook(SECRET).verify(body, dict(self.headers))
        except (WebhookVerificationError, ValueError):
            self.send_error(401)
            return
        wanted.set()
        self.send_response(204)
        self.end_headers()


def keep_in_step(client: httpx.Client, folder: Path) -> None:
    """Read on after every message, and each hour without one; then say which copies are gone."""
    while True:
        wanted.clear()
        try:
            sync(client, folder)
            acknowledge(client, folder)
        except (httpx.HTTPError, RuntimeError) as error:
            print(f"Tried again in a minute: {error}", file=sys.stderr)
            time.sleep(60)
        else:
            wanted.wait(HOUR)


def acknowledge(client: httpx.Client, folder: Path) -> None:
    """Acknowledge each open recall of an article that we show no more."""
    said = client.post("/graphql", json={"query": OPEN}).raise_for_status().json()
    pages = Mirror.open(folder).pages
    for recall in said["data"]["viewer"]["partner"]["recalls"]["nodes"]:
        if not pages.get(recall["articleId"], {}).get("live"):
            client.post("/graphql", json={"query": GONE, "variables": {"id": recall["id"]}}).raise_for_status()


if __name__ == "__main__":
    key = {"Authorization": f"Bearer {os.environ['MERIDIAN_KEY']}"}
    asking = httpx.Client(base_url=sys.argv[1], headers=key, timeout=30)
    threading.Thread(target=keep_in_step, args=(asking, Path(sys.argv[2])), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Hook).serve_forever()
