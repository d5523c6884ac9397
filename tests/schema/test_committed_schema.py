import re

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

import schema
from api.__main__ import main
from schema import files
from schema.root import schema as ours
from tests.asking import ROOT

PUBLIC = {name: type_ for name, type_ in ours._schema.type_map.items() if not name.startswith("__")}


def described() -> dict[str, str | None]:
    """The description of every type, field, argument and enum value, by its place."""
    found: dict[str, str | None] = {}
    for name, type_ in PUBLIC.items():
        found[name] = type_.description
        if isinstance(type_, GraphQLEnumType):
            found |= {f"{name}.{value}": told.description for value, told in type_.values.items()}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            found |= {f"{name}.{field}": told.description for field, told in type_.fields.items()}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, told in type_.fields.items():
                found |= {f"{name}.{field}({argument})": one.description for argument, one in told.args.items()}
    return found


def test_every_type_field_argument_and_value_is_described():
    found = described()
    assert len(found) > 400
    assert [place for place, told in found.items() if not (told or "").strip()] == []


def test_every_description_is_a_sentence():
    assert [place for place, told in described().items() if not re.search(r"[.;`?]$", told or "")] == []


def test_the_committed_files_are_those_of_the_code():
    assert [name for name, text in files.written().items() if files.is_stale(name, text)] == []


def test_a_stale_file_fails_the_check_with_one_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(files, "HERE", tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    (tmp_path / "schema.graphql").write_text("type Query { old: Int }\n")
    assert main(["schema", "--check"]) == 1
    assert "schema.graphql" in capsys.readouterr().err
    assert main(["schema"]) == 0
    assert main(["schema", "--check"]) == 0


def test_the_schema_is_ours_and_not_the_package_of_that_name():
    assert schema.__file__ == str(ROOT / "schema" / "__init__.py")


def test_every_list_of_rows_is_a_connection_with_both_ways_and_a_total():
    for name, type_ in PUBLIC.items():
        if name.endswith("Connection"):
            assert {"edges", "nodes", "pageInfo", "totalCount"} <= set(type_.fields)
        for field, told in getattr(type_, "fields", {}).items():
            if str(told.type).rstrip("!").endswith("Connection") and field not in {"search", "changes"}:
                assert {"first", "after", "last", "before"} <= set(told.args), f"{name}.{field}"


def test_passwords_are_only_ever_sent_in():
    assert [
        f"{name}.{field}"
        for name, type_ in PUBLIC.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields
        if "password" in field.lower() and name != "Mutation"
    ] == []


@pytest.mark.parametrize("absent", ["where:", "orderBy: String", "_raw", "digest", "email: String!\n  roles"])
def test_nothing_generic_and_nothing_secret_stands_in_the_schema(absent):
    assert absent not in files.written()["schema.graphql"]
