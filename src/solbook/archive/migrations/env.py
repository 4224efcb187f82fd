"""Alembic's entry: run the migrations on the connection the archive gives."""

from alembic import context

from solbook.archive.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
