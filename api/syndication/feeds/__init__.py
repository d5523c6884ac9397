"""Feeds: what stands in one, and how Atom, RSS and JSON Feed write it down."""

from api.syndication.feeds.model import Feed
from api.syndication.feeds.reading import ROOMS, NoSuchFeed, Part, Reach, read
from api.syndication.feeds.writing import FORMS, Form

__all__ = ["FORMS", "ROOMS", "Feed", "Form", "NoSuchFeed", "Part", "Reach", "read"]
