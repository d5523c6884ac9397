"""What the documents name is there: files, goals, commands, settings, tests, limits; their queries are the schema's."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import coerce_input_value, get_named_type, parse, validate

from api.__main__ import COMMANDS, _parser
from api.askers import WITH_A_TOKEN
from api.settings import Settings
from api.web.graphql.limits import ANONYMOUS, TOKEN
from schema.errors import ErrorCode
from schema.permissions import EDITORIAL, MUTATIONS, NOUNS, PARTNER, SIGNED_IN, Permission
from schema.root import schema

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "frontend" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CODE = ("api", "schema", "frontend/src", "frontend/scripts", "tests", "examples")
KINDS = {".py", ".ts", ".astro", ".graphql", ".yml", ".toml", ".json"}

NAME = r"(?<!\w)[a-z]+(?:_[a-z0-9]+)+\b(?!…)"  # an id that was shortened is no name
OTHERS = {"pg_trgm"}  # PostgreSQL's own, which is told to be missing

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture(scope="module")
def code() -> str:
    """All of the program's own text, but this file's."""
    paths = [path for folder in CODE for path in (ROOT / folder).rglob("*") if "node_modules" not in path.parts]
    paths += [ROOT / name for name in ("docker-compose.yml", "pyproject.toml", "Makefile")]
    return "\n".join(path.read_text() for path in paths if path.is_file() and _counts(path))


@pytest.fixture(scope="module")
def words(code: str) -> set[str]:
    """Every word of the program, and the names of its tests' files."""
    return set(re.findall(r"\w+", code)) | {path.stem for path in (ROOT / "tests").rglob("test_*.py")}


def _counts(path: Path) -> bool:
    return path != Path(__file__) and (path.suffix in KINDS or path.name == "Makefile")


def in_code(text: str) -> list[str]:
    """What stands in backticks and in fenced blocks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [*fenced, *re.findall(r"`([^`\n]+)`", plain)]


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table(document: Path, heading: str) -> list[list[str]]:
    """The cells of the rows of the first table whose first column has this heading."""
    body = document.read_text().split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in body.splitlines()[2:]]


def queries(document: Path) -> list[str]:
    text = document.read_text()
    by_curl = re.findall(r"--data-urlencode 'query=(\{.*?\})'\n", text, re.DOTALL)
    return re.findall(r"^```graphql\n(.*?)^```", text, re.MULTILINE | re.DOTALL) + by_curl


def walked() -> Iterator[tuple[str, str | None, str]]:
    """Each request of docs/editing.md: its document, and of a mutation its name and its input."""
    text = (ROOT / "docs" / "editing.md").read_text()
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if "ask() {" in block:
            continue
        words = shlex.split(block)
        for place, word in enumerate(words):
            if re.fullmatch(r"(\w+=\$\()?ask", word):
                yield words[place + 1].rstrip(")"), None, ""
            if re.fullmatch(r"(\w+=\$\()?say", word):
                verb, said, fields = words[place + 1 : place + 4]
                name = verb[0].upper() + verb[1:]
                asked = f"userErrors {{ code field message }} {fields}"
                yield f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {asked} }} }}", verb, said


def who_may(permission: Permission) -> tuple[str, str]:
    """The cells of a permission: its roles and its scope, in words."""
    if permission == SIGNED_IN:
        return "any member", ""
    if permission == PARTNER:
        return "a partner's key", ""
    roles = " or ".join(sorted(permission.roles)) or "everybody"
    link = ", or a review link" if permission.by_review_link else ""
    return roles + link, permission.scope or ""


@each_document
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text()):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        place = (document.parent / path).resolve() if path else document
        assert place.exists(), target
        if anchor:
            assert anchor in anchors(place), target


@each_document
def test_files_that_are_named_exist(document):
    pattern = r"(?<![\w./<-])((?:api|schema|frontend|tests|docs)/[\w./-]*\w/?)"
    for path in re.findall(pattern, document.read_text()):
        assert (ROOT / path).exists() or (document.parent / path).exists(), path


@each_document
def test_goals_of_make_exist(document):
    goals = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        goal for piece in in_code(document.read_text()) for goal in re.findall(r"^make ([a-z]+)", piece, re.MULTILINE)
    }
    assert named <= goals


@each_document
def test_commands_are_understood(document):
    for piece in in_code(document.read_text()):
        for line in re.findall(r"python -m api ([^\n`|,]+)", piece):
            assert line.split()[0] in COMMANDS
            _parser().parse_args(line.split())


@each_document
def test_variables_that_are_given_are_read_somewhere(document, words):
    text = document.read_text()
    given = set(re.findall(r"\b([A-Z][A-Z_]{3,})=", text))
    named = {name for piece in in_code(text) for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", piece)}
    assert given | named <= words


@each_document
def test_tests_and_names_of_the_program_exist(document, words):
    named = {name for piece in in_code(document.read_text()) for name in re.findall(NAME, piece)}
    assert named <= words | OTHERS
    assert set(re.findall(r"\btest_\w+", document.read_text())) <= words


@each_document
def test_journeys_that_are_named_exist(document, code):
    journeys = "\n".join(path.read_text() for path in (ROOT / "frontend" / "quality" / "journeys").glob("*.ts"))
    for sentence in re.findall(r"journey: `([^`]+)`", document.read_text()):
        assert f"'{sentence}'" in journeys


@each_document
def test_no_document_says_that_the_site_has_no_script(document):
    """Pages with a signed form load one; decisions are kept as they were made."""
    assert "<script>" in (ROOT / "frontend/src/components/SignedForm/SignedForm.astro").read_text()
    said = re.sub(r"\s+", " ", document.read_text())
    if document.parent != DECISIONS:
        assert not re.search(r"sends no script|no page runs a script|and without a script", said, re.IGNORECASE)


QUERIED = [ROOT / "README.md", ROOT / "docs" / "api.md", ROOT / "docs" / "partners.md"]


@pytest.mark.parametrize("document", QUERIED, ids=["README", "api", "partners"])
def test_every_query_is_one_of_the_schema(document):
    assert queries(document)
    for query in queries(document):
        assert validate(schema._schema, parse(query)) == [], query


def test_every_request_of_the_walk_is_one_of_the_schema():
    requests = list(walked())
    assert len(requests) > 50
    assert {verb for _, verb, _ in requests if verb} >= {"createArticle", "publishArticle", "approveCatalogueChange"}
    for document, verb, said in requests:
        assert validate(schema._schema, parse(document)) == [], document
        if verb:
            kind = get_named_type(schema._schema.mutation_type.fields[verb].args["input"].type)
            given = said.replace("$due", "2099-01-01").replace("$at", "2099-01-01T00:00:00Z").replace("$version", "1")
            coerce_input_value(json.loads(given), kind)


def test_who_may_run_what_is_the_table_of_permissions():
    told: dict[str, tuple[str, str]] = {}
    for names, roles, scope in table(ROOT / "docs" / "api.md", "mutation"):
        for name in re.findall(r"`([^`]+)`", names):
            full = [name.replace("*", noun) for noun in NOUNS] if name.endswith("*") else [name]
            told |= dict.fromkeys(full, (roles, scope))
    assert told == {name: who_may(permission) for name, permission in MUTATIONS.items()}
    fields = {
        name: roles
        for names, roles in table(ROOT / "docs" / "api.md", "field of editorial")
        for name in re.findall(r"`(\w+)`", names)
    }
    assert fields == {name: who_may(permission)[0] for name, permission in EDITORIAL.items()}


def test_every_reason_of_a_refusal_is_told():
    told = [row[0].strip("`") for row in table(ROOT / "docs" / "api.md", "userErrors code")]
    assert told == [code.name for code in ErrorCode]


def test_every_mutation_is_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text()
    nouns = {f"{verb}{noun}" for verb in ("create", "update", "publish", "unpublish", "delete") for noun in NOUNS}
    assert {name for name in MUTATIONS if f"`{name}`" not in text} <= nouns


def test_every_setting_is_told():
    """Those of the deployment in docs/architecture.md; those of `make` in README.md, too."""
    read = set(re.findall(r'(?:"|\()([A-Z]+_[A-Z_]+|SAMPLE)"', (ROOT / "api" / "settings.py").read_text()))
    told = {
        name
        for row in table(ROOT / "docs" / "architecture.md", "setting")
        for name in re.findall(r"[A-Z_]{4,}", row[0])
    }
    assert told == read
    exported = re.search(r"^export (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert exported
    assert {row[0].strip("`") for row in table(ROOT / "README.md", "variable")} == set(exported[1].split())


def test_the_limits_are_those_of_the_program():
    told = [[int(re.sub(r"\D", "", cell)) for cell in row[1:]] for row in table(ROOT / "docs" / "api.md", "limit")]
    names = ("body_bytes", "tokens", "depth", "aliases", "directives", "root_fields", "cost")
    times = ("seconds", "statement_seconds")
    per_minute = Settings(ROOT, "").cost_per_minute
    assert told == [
        *([getattr(limits, name) for limits in (ANONYMOUS, TOKEN)] for name in names),
        [per_minute, per_minute * WITH_A_TOKEN],
        *([getattr(limits, name) for limits in (ANONYMOUS, TOKEN)] for name in times),
    ]


def test_decisions_are_numbered_and_listed_and_each_has_its_three_parts():
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [int(path.name[:3]) for path in files] == list(range(1, len(files) + 1))
    listed = (DECISIONS / "README.md").read_text()
    for path in files:
        text = path.read_text()
        title, *parts = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], path.name
        assert f"- [{path.name[:3]}]({path.name}) {title[4:]}\n" in listed
        assert len(text.split()) <= 400, "a decision fits on a page"


def test_the_readme_is_short_and_its_picture_small():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 200
    assert (ROOT / "docs" / "pictures" / "article.png").stat().st_size <= 200_000
