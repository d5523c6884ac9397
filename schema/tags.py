"""What answers depend on, as tags that purges name: which types bring which, and which fields are never kept.

Rather too much than too little: a page about one thing shows names, pictures and evidence of many others, so that any
edit of the catalogue ends every answer that shows more than the clinic itself. Articles, which change daily, are told
apart. The triggers of migration 0016 say the same words.
"""

ARTICLES = "list:articles"
CLINIC = frozenset({"clinic", "list:media"})
CATALOGUE = CLINIC | {
    f"list:{many}" for many in ("conditions", "disclaimers", "practitioners", "sources", "statements", "treatments")
}
OF_THE_CLINIC = frozenset({
    "Clinic", "Address", "OpeningHours", "GeoPoint", "MediaAsset", "Rendition", "FocalPoint", "SyndicationTerms",
    "Licence",
})  # fmt: skip
"""Types whose fields know nothing but the clinic's own row and pictures."""
FINDS_ARTICLES = frozenset({"SearchConnection", "Change", "ChangeConnection"})
"""Types that depend on articles beside those that are, or may be, an article."""
NEVER_KEPT = frozenset({
    "Query.beginning",  # members and imports are not among what readers see
    "Query.changes",  # its horizon moves with time
    "Query.commentForm",  # each has its own token
    "Query.editorial",
    "Query.viewer",
    "Syndication.refreshBy",  # counted from now
})  # fmt: skip
