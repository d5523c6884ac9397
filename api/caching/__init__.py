"""Answers that anybody may have, kept as bytes for as long as nothing that they were made from has changed.

- store: the answers, within a bound of bytes, found by what was asked and dropped by what they depend on
- line: the database's word of what changed; without it nothing is believed
- replicas: other servers of the same tables, read where they have come as far as what was heard
- cache: asking once for many, and what may be shown while the database is away
"""

from api.caching.cache import Cache, Made
from api.caching.line import Line
from api.caching.replicas import Replicas
from api.caching.store import Kept, Store

__all__ = ["Cache", "Kept", "Line", "Made", "Replicas", "Store"]
