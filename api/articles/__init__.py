"""Articles: identities with a slug, their revisions, and the one door through which readers see them."""
