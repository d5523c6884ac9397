"""Turns what a file calls things (slugs, and keys of sources and disclaimers) into the server's ids."""

from collections.abc import Iterable

from api.errors import Invalid
from api.pushing.client import Client
from api.pushing.nouns import Noun
from api.pushing.pages import Json, Said

_USED = """query ($first: Int!, $after: String) { editorial { articles(first: $first, after: $after) {
  nodes { disclaimers { id key } draft { disclaimers { id key } } } pageInfo { hasNextPage endCursor } } } }"""
PENDING = "(will be created)"


class NoSuchName(Invalid):
    """Nothing on the server is called that."""


class Names:
    """Looks each name up once; in a dry run, what the folder is about to create is taken to be there."""

    def __init__(self, client: Client, pending: Iterable[tuple[str, str]] = ()) -> None:
        self._client = client
        self._pending = frozenset(pending)
        self._known: dict[tuple[str, str], str] = {}
        self._disclaimers: dict[str, str] | None = None

    def filled(self, noun: Noun, said: Said) -> Said:
        """Input as the server takes it: ids for names, the body as Markdown."""
        whole = {name: self._value(noun.refs.get(name), value) for name, value in said.items()}
        if whole.get("body"):
            whole["body"] = {"markdown": whole["body"]}
        return whole

    def learn(self, kind: str, name: str, known: str) -> None:
        self._known[kind, name] = known

    def _value(self, kind: str | None, value: Json) -> Json:
        if kind is None or value is None:
            return value
        if isinstance(value, list):
            return [self._value(kind, each) for each in value]
        if isinstance(value, dict):
            return value | ({"source": self._id(kind, value["source"])} if value.get("source") else {})
        return self._id(kind, value)

    def _id(self, kind: str, name: str) -> str:
        if kind != "source" and "_" in name and kind != "disclaimer":
            return name  # an id: slugs have no underscore
        if (kind, name) not in self._known:
            self._known[kind, name] = self._found(kind, name)
        return self._known[kind, name]

    def _found(self, kind: str, name: str) -> str:
        if kind == "disclaimer":
            found = self._of_disclaimers().get(name, name if name.startswith("dsc_") else None)
        else:
            by = "key" if kind == "source" else "slug"
            document = f"query ($name: String!) {{ {kind}(by: {{ {by}: $name }}) {{ id }} }}"
            found = (self._client.ask(document, name=name)[kind] or {}).get("id")
        if found is None and (kind, name) in self._pending:
            return PENDING
        if found is None:
            raise NoSuchName(_missing(kind, name))
        return str(found)

    def _of_disclaimers(self) -> dict[str, str]:
        """Every disclaimer that an article shows: the API has no list of its own for them."""
        if self._disclaimers is None:
            articles = list(self._client.all(_USED, "editorial", "articles"))
            shown = [each for node in articles for each in (node, node["draft"]) if each]
            self._disclaimers = {each["key"]: each["id"] for node in shown for each in node["disclaimers"]}
        return self._disclaimers


def _missing(kind: str, name: str) -> str:
    if kind == "disclaimer":
        return f"No article on the server shows a disclaimer with the key {name}: check it, or give its id, dsc_…."
    return f"The server has no {kind} that is called {name}: check the spelling, or push it with this folder."
