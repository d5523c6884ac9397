"""Acts on articles and on the catalogue: what goes live, what is taken down, what is brought in.

- catalogue: its verbs, the same for every noun: proposals, what refers to an entry, what articles show of it
- importing: an old page, Markdown or plain text becomes an article to edit, with a frank report (pure)
"""
