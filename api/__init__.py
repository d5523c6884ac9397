"""The house: what clinic content is, and what may be done with it.

Floors, highest first; a floor may import those below it and never one above or beside it:

- app, __main__: composition; the only modules that know everything
- web: HTTP edges
- sample: the demonstration clinic
- publishing, comments, search: acts on articles, what readers say, finding things
- articles: articles, their revisions, and the readers' only door to them
- statements: what is known about a treatment for a condition
- clinic, conditions, practitioners, treatments: the catalogue
- evidence, media: works that can be cited; pictures
- accounts, documents: who is asking; the block tree of a text (pure)
- changes: the ordered log that everything downstream reads
- migrations, database, postgres, paging, ids, sealing, settings, errors: the ground
"""
