"""The ramp: traits and sizes of threads, links, claims, interests, offers, pointers, snoozes, and issues of our own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_THREADS = (
    sa.Column("traits", sa.JSON(none_as_null=True)),
    sa.Column("files", sa.Integer()),
    sa.Column("lines", sa.Integer()),
    sa.Column("sized_at", sa.BigInteger()),
)
_REQUESTS: tuple[sa.Column[Any], ...] = (
    sa.Column("turn", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("to_us", sa.Boolean(), nullable=False, server_default=sa.false()),
)
_DETAIL = sa.Column("detail", sa.JSON(none_as_null=True))


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("threads") as changed:
        for column in _THREADS:
            changed.add_column(column)
    with op.batch_alter_table("requests") as changed:
        for column in _REQUESTS:
            changed.add_column(column)
    with op.batch_alter_table("requests") as changed:
        for column in _REQUESTS:
            changed.alter_column(column.name, server_default=None)
    with op.batch_alter_table("ledger") as changed:
        changed.add_column(_DETAIL)
    op.create_table(
        "links",
        _key("repo_id"),
        _key("number"),
        sa.Column("to_repo", sa.String(length=140), nullable=False),
        _key("to_number"),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        _number("as_of"),
        sa.PrimaryKeyConstraint("repo_id", "number", "to_repo", "to_number"),
    )
    op.create_index("links_to", "links", ["to_number", "to_repo"])
    op.create_table(
        "claims",
        _key("repo_id"),
        _key("number"),
        _key("person_id"),
        _number("at"),
        _number("worked_at"),
        _number("ended_at", nullable=True),
        sa.Column("ended", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "number", "person_id"),
    )
    op.create_index("claims_by_person", "claims", ["person_id"])
    op.create_table(
        "interests",
        _key("owner_id"),
        _key("person_id"),
        sa.Column("interested", sa.Boolean(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        _number("repo_id"),
        _number("number"),
        _number("as_of"),
        sa.PrimaryKeyConstraint("owner_id", "person_id"),
    )
    op.create_table(
        "offers",
        _key("repo_id"),
        _key("number"),
        _key("person_id"),
        _number("in_repo_id"),
        _number("in_number"),
        _number("at"),
        sa.PrimaryKeyConstraint("repo_id", "number", "person_id"),
    )
    op.create_index("offers_by_person", "offers", ["person_id", "at"])
    op.create_table(
        "pointers",
        _key("repo_id"),
        _key("number"),
        sa.Column("given", sa.JSON(), nullable=False),
        _number("ask_id", nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        _number("as_of"),
        sa.PrimaryKeyConstraint("repo_id", "number"),
    )
    op.create_table(
        "snoozes",
        _key("repo_id"),
        _key("number"),
        _number("until", nullable=True),
        _number("as_of"),
        sa.PrimaryKeyConstraint("repo_id", "number"),
    )
    op.create_table(
        "boards",
        _key("owner_id"),
        sa.Column("name", sa.String(length=60), nullable=False),
        _number("repo_id"),
        _number("number"),
        sa.Column("node_id", sa.String(length=100), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        _number("updated_at"),
        _number("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "name"),
    )


def downgrade() -> None:
    for table in ("boards", "snoozes", "pointers", "offers", "interests", "claims", "links"):
        op.drop_table(table)
    with op.batch_alter_table("ledger") as changed:
        changed.drop_column("detail")
    with op.batch_alter_table("requests") as changed:
        for column in _REQUESTS:
            changed.drop_column(column.name)
    with op.batch_alter_table("threads") as changed:
        for column in reversed(_THREADS):
            changed.drop_column(column.name)
