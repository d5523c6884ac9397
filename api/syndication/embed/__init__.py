"""Articles on other people's pages: the custom element that shows one, and what oEmbed says of it."""

from api.syndication.embed.element import Script, script
from api.syndication.embed.oembed import Box, NotOurs, Offer, offer, to_json, to_xml

__all__ = ["Box", "NotOurs", "Offer", "Script", "offer", "script", "to_json", "to_xml"]
