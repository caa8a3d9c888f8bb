"""Alembic's environment: the address comes from DATABASE_URL, by a synchronous driver."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from api.store.tables import metadata

url = os.environ["DATABASE_URL"].replace("sqlite+aiosqlite:", "sqlite:")

with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
