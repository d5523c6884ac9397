"""The endpoint of our own at /graphql.

- endpoint: one request from its head to its answer
- negotiation: which media type an answer takes, and which a request may come in
- reading: the body, counted while it is read; the query string; what was asked
- trusted: operations that are known by their hash
- documents: parsed and validated once each, kept within bounds
- turns: whose document is read next
- limits: depth, aliases, directives and root fields, counted before anything costs time
- costs: what an operation may cost, told before it runs
- buckets: what everybody may ask for in a minute
- bills: what a request is charged, and what its answer says of that
- kept: answers that are kept for everybody, and shapes: the form in which they are sent
- reach: what an answer can depend on, read off its operation
- execution: running a document within its time
- introspection: answers about the schema itself, made once
- errors: what a client may read of an error, and what only the log has
"""

from api.web.graphql.buckets import Buckets, Payer
from api.web.graphql.costs import Prices
from api.web.graphql.documents import Check, Documents
from api.web.graphql.endpoint import GraphQL
from api.web.graphql.execution import Asker, Execution
from api.web.graphql.kept import Answers
from api.web.graphql.limits import Limits
from api.web.graphql.reach import Depends
from api.web.graphql.trusted import Trusted

__all__ = [
    "Answers",
    "Asker",
    "Buckets",
    "Check",
    "Depends",
    "Documents",
    "Execution",
    "GraphQL",
    "Limits",
    "Payer",
    "Prices",
    "Trusted",
]
