"""The demonstration clinic: its content, its pictures, and how they get into a database."""
