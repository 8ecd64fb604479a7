"""Whose a thread or an answer is, its repository tells: repositories move. Likewise an owner's name is the owner's.

And effects go by their kind, not by the name of a class.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("threads_by_author", "threads")
    op.drop_index("activity_by_person", "activity")
    for table, column in (("threads", "owner_id"), ("activity", "owner_id"), ("repos", "owner_login")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
    op.execute("UPDATE ledger SET effect = lower(effect)")
    op.create_index("threads_by_author", "threads", ["author_id"])
    op.create_index("activity_by_person", "activity", ["person_id", "at"])


def downgrade() -> None:
    op.drop_index("activity_by_person", "activity")
    op.drop_index("threads_by_author", "threads")
    with op.batch_alter_table("repos") as changed:
        changed.add_column(sa.Column("owner_login", sa.String(length=100), nullable=False, server_default=""))
    for table in ("threads", "activity"):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("owner_id", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE repos SET owner_login = (SELECT login FROM owners WHERE owners.id = repos.owner_id)")
    for table in ("threads", "activity"):
        op.execute(f"UPDATE {table} SET owner_id = (SELECT owner_id FROM repos WHERE repos.id = {table}.repo_id)")  # noqa: S608 (names of ours)
    op.create_index("threads_by_author", "threads", ["owner_id", "author_id"])
    op.create_index("activity_by_person", "activity", ["owner_id", "person_id", "at"])
