"""How changes leave: the third-party sites that show copies, and what they agreed to."""
