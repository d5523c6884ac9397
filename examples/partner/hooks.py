"""Hears webhooks, verifies them, and has the mirror brought up to date: `python hooks.py`, behind your web server.

Needs `pip install standardwebhooks`, the secret in MERIDIAN_WEBHOOK_SECRET, and mirror.py beside this file.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mirror import sync
from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 20_000
SECRET = os.environ["MERIDIAN_WEBHOOK_SECRET"]
PORT = int(os.environ.get("PORT", "8080"))
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


def keep_in_step() -> None:
    """Follow `changes` whenever there was a message: the order of messages, and any that came twice, do not matter."""
    while wanted.wait():
        wanted.clear()
        sync()


if __name__ == "__main__":
    threading.Thread(target=keep_in_step, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", PORT), Hook).serve_forever()
