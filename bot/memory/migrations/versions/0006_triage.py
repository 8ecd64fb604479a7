"""Triage: whom threads wait for, checks, how people want to be reached, the rota, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("threads") as changed:
        changed.add_column(sa.Column("head_sha", sa.String(length=64)))
    with op.batch_alter_table("activity") as changed:
        changed.add_column(sa.Column("asks", sa.Boolean()))
        changed.add_column(sa.Column("asks_as_of", sa.BigInteger()))
    op.create_table(
        "corrections",
        _key("repo_id"),
        _key("number"),
        sa.Column("waits_on", sa.String(length=20), nullable=True),
        _number("as_of"),
        sa.PrimaryKeyConstraint("repo_id", "number"),
    )
    op.create_table(
        "check_suites",
        _key("repo_id"),
        sa.Column("sha", sa.String(length=64), nullable=False),
        _key("suite_id"),
        sa.Column("state", sa.String(length=20), nullable=False),
        _number("at"),
        sa.PrimaryKeyConstraint("repo_id", "sha", "suite_id"),
    )
    op.create_table(
        "preferences",
        _key("owner_id"),
        _key("person_id"),
        sa.Column("a_day", sa.Integer(), nullable=True),
        sa.Column("a_week", sa.Integer(), nullable=True),
        _number("budget_as_of", nullable=True),
        _number("away_until", nullable=True),
        _number("away_as_of", nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_to", sa.String(length=5), nullable=True),
        _number("quiet_as_of", nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "person_id"),
    )
    op.create_table(
        "triagers",
        _key("owner_id"),
        _key("person_id"),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        _number("as_of"),
        sa.PrimaryKeyConstraint("owner_id", "person_id"),
    )
    op.create_table(
        "rota_swaps",
        _key("owner_id"),
        sa.Column("week", sa.String(length=10), nullable=False),
        _number("person_id", nullable=True),
        _number("as_of"),
        sa.PrimaryKeyConstraint("owner_id", "week"),
    )
    op.create_table(
        "nudges",
        _key("repo_id"),
        _key("number"),
        sa.Column("reminder", sa.String(length=10), nullable=False),
        _key("at"),
        _number("owner_id"),
        _number("person_id"),
        sa.Column("because", sa.String(length=20), nullable=False),
        _number("since"),
        _number("in_repo_id"),
        _number("in_number"),
        sa.PrimaryKeyConstraint("repo_id", "number", "reminder", "at"),
    )
    op.create_index("nudges_by_owner", "nudges", ["owner_id", "at"])
    op.create_index("nudges_by_place", "nudges", ["in_repo_id", "in_number"])
    op.execute("UPDATE boards SET name = name || '/' || CAST(repo_id AS VARCHAR(20)) WHERE name LIKE 'digest/%'")


def downgrade() -> None:
    op.execute(  # of each week one stays
        "DELETE FROM boards WHERE name LIKE 'digest/%' AND EXISTS (SELECT 1 FROM boards AS other"
        " WHERE other.owner_id = boards.owner_id AND substr(other.name, 1, 17) = substr(boards.name, 1, 17)"
        " AND other.name > boards.name)"
    )
    op.execute("UPDATE boards SET name = substr(name, 1, 17) WHERE name LIKE 'digest/%'")
    for table in ("nudges", "rota_swaps", "triagers", "preferences", "check_suites", "corrections"):
        op.drop_table(table)
    with op.batch_alter_table("activity") as changed:
        changed.drop_column("asks_as_of")
        changed.drop_column("asks")
    with op.batch_alter_table("threads") as changed:
        changed.drop_column("head_sha")
