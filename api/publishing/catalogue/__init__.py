"""The catalogue's verbs: every noun is created, changed, published and deleted by one mechanism.

- nouns: what each says, and what of it is clinical       - verbs, deciding: the acts, each one transaction
- entries: rows, locks, snapshots                          - proposals: changes that wait for a second pair of eyes
- checking, addresses, references, sources, clinics: what is refused    - wording: the gate on clinical words
- naming, uses: who refers to an entry                     - articles: what an edit does to those that show it
- pictures: what is said of one
"""

from api.publishing.catalogue.deciding import decide
from api.publishing.catalogue.nouns import (
    CONDITION,
    DISCLAIMER,
    ENTRIES,
    PRACTITIONER,
    SOURCE,
    STATEMENT,
    TREATMENT,
    Noun,
)
from api.publishing.catalogue.pictures import describe
from api.publishing.catalogue.verbs import Done, add, change, publish, remove, unpublish, update_clinic

__all__ = [
    "CONDITION",
    "DISCLAIMER",
    "ENTRIES",
    "PRACTITIONER",
    "SOURCE",
    "STATEMENT",
    "TREATMENT",
    "Done",
    "Noun",
    "add",
    "change",
    "decide",
    "describe",
    "publish",
    "remove",
    "unpublish",
    "update_clinic",
]
