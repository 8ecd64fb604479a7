"""Configuration from repositories, shadow mode, pauses and mutes, and an app that is set up on our page.

What spoke before goes on speaking in the installations that are there: the welcome. Nothing else does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SPOKE = '["welcome"]'
_LEDGER = (
    sa.Column("template", sa.String(length=60)),
    sa.Column("node_id", sa.String(length=100)),
    sa.Column("unwanted_at", sa.BigInteger()),
)


def upgrade() -> None:
    with op.batch_alter_table("installations") as changed:
        changed.drop_column("live")
    with op.batch_alter_table("installations") as changed:
        changed.add_column(sa.Column("live", sa.JSON(), nullable=False, server_default=_SPOKE))
        changed.add_column(sa.Column("introduced_at", sa.BigInteger()))
    with op.batch_alter_table("installations") as changed:  # the default was for the rows that were there
        changed.alter_column("live", server_default=None)
    op.execute("UPDATE installations SET introduced_at = heard_at")
    with op.batch_alter_table("ledger") as changed:
        for column in _LEDGER:
            changed.add_column(column)
    op.create_table(
        "configs",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=100), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("problems", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "path"),
    )
    op.create_table(
        "pauses",
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "repo_id"),
    )
    op.create_table(
        "mutes",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "kind"),
    )
    op.create_table(
        "credentials",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    for table in ("credentials", "mutes", "pauses", "configs"):
        op.drop_table(table)
    with op.batch_alter_table("ledger") as changed:
        for column in reversed(_LEDGER):
            changed.drop_column(column.name)
    with op.batch_alter_table("installations") as changed:
        changed.drop_column("introduced_at")
        changed.drop_column("live")
    with op.batch_alter_table("installations") as changed:
        changed.add_column(sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("installations") as changed:
        changed.alter_column("live", server_default=None)
