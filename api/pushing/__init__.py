"""Editing from files: a folder of texts is sent to a Meridian, and written back from it, by its public GraphQL alone.

- client: the way to the server                 - folder, pages, memory: files, front matter, what was last seen
- nouns: each kind's fields, asked and said      - names: slugs and keys into ids
- sending: push                                  - fetching: pull
- references: CSL-JSON, BibTeX, RIS, PubMed      - telling: what became of each file, and findings by line
"""

from api.pushing.client import Client, Insecure, NotAllowed, Unreachable
from api.pushing.fetching import pull
from api.pushing.sending import push
from api.pushing.telling import Outcome, Told

__all__ = ["Client", "Insecure", "NotAllowed", "Outcome", "Told", "Unreachable", "pull", "push"]
