"""What may be done with content: the verbs of an article's life, and reading old texts into drafts.

- importing: an old page, Markdown or plain text becomes an article to edit, with a frank report (pure)
"""
