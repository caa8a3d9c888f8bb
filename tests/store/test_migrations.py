"""The migrations make the very tables that the code knows, and can be taken back."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from api.store.tables import metadata
from tests.store.conftest import migrate


def test_up_down_and_up_again(fresh_url: str) -> None:
    migrate(fresh_url)
    migrate(fresh_url, "downgrade", "base")
    engine = create_engine(fresh_url.replace("+aiosqlite", ""))
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrate(fresh_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
