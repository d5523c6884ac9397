"""Acts on articles and on the catalogue: what goes live, what is taken down, what is brought in."""
