"""The house: what clinic content is, and what may be done with it.

Floors, highest first; a floor may import those below it and never one above or beside it (import-linter holds it, see
pyproject.toml):

- app, launcher, background, importing, __main__: composition; the only modules that know everything
- askers: whom a bearer stands for, and which bucket pays
- doctor, figures, backups: what an operator asks: is all well; what waits, in numbers; a copy elsewhere, and the way
  back
- pushing: editing from files, as a client of any Meridian
- web: HTTP edges
- sample: the demonstration clinic
- letters: what waits, told by mail
- worklist: what waits for whom, of articles, comments and recalls alike
- syndication: how changes leave
- publishing, comments, views, search, routing, jsonld, beginning: acts on articles, what readers say, how often they
  read, finding and describing things, and how far a new clinic has come
- articles: articles, their revisions, and the readers' only door to them
- gate: the rules that stand between a draft and a patient (pure)
- statements: what is known about a treatment for a condition
- clinic, conditions, practitioners, treatments: the catalogue
- evidence, media: works that can be cited; pictures
- catalogue: what the catalogue's tables share
- accounts, documents: who is asking; the block tree of a text (pure)
- attempts, audit, changes, erasures, heartbeats, mail: what was begun and not ended; who changed what; the ordered log
  that everything downstream reads; what was erased, listed beside the dumps; who is at work; outgoing letters
- outbound: the only door to other people's machines
- readers: connections that only read, for statements which make a whole answer
- database, paging, settings, postgres: the ground
- sql, ids, sealing, addresses, bootstrap, ending, watchdog, errors: what stands on nothing else
"""
