"""What Alembic asks: on which connection, and against which tables."""

from alembic import context

from clearing.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
