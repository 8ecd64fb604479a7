"""Triage: whom threads wait for, checks, how people want to be reached, the rota, reminders, and past pauses."""

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


def _key_of_pauses(*names: str) -> None:
    """Makes the table again with this key: what all databases can do. Of several rows with one key the newest stays."""
    table = sa.table("pauses", *(sa.column(name) for name in ("owner_id", "repo_id", "until", "as_of")))
    rows = op.get_bind().execute(sa.select(table).order_by(table.c.as_of)).mappings().all()
    op.drop_table("pauses")
    op.create_table(
        "pauses",
        _key("owner_id"),
        _key("repo_id"),
        _number("until", nullable=True),
        _key("as_of"),
        sa.PrimaryKeyConstraint(*names),
    )
    op.bulk_insert(table, [*{tuple(row[name] for name in names): dict(row) for row in rows}.values()])


def upgrade() -> None:
    with op.batch_alter_table("threads") as changed:
        changed.add_column(sa.Column("head_sha", sa.String(length=64)))
    with op.batch_alter_table("activity") as changed:
        changed.add_column(sa.Column("asks", sa.Boolean()))
        changed.add_column(sa.Column("says", sa.Boolean()))
        changed.add_column(sa.Column("said_as_of", sa.BigInteger()))
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
    op.create_index("check_suites_by_time", "check_suites", ["at"])
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
    op.create_index("ledger_by_owner", "ledger", ["owner_id", "claimed_at"])
    _key_of_pauses("owner_id", "repo_id", "as_of")
    op.execute("UPDATE boards SET name = name || '/' || CAST(repo_id AS VARCHAR(20)) WHERE name LIKE 'digest/%'")


def downgrade() -> None:
    op.execute(  # of each week one stays
        "DELETE FROM boards WHERE name LIKE 'digest/%' AND EXISTS (SELECT 1 FROM boards AS other"
        " WHERE other.owner_id = boards.owner_id AND substr(other.name, 1, 17) = substr(boards.name, 1, 17)"
        " AND other.name > boards.name)"
    )
    op.execute("UPDATE boards SET name = substr(name, 1, 17) WHERE name LIKE 'digest/%'")
    _key_of_pauses("owner_id", "repo_id")
    op.drop_index("ledger_by_owner", "ledger")
    for table in ("nudges", "rota_swaps", "triagers", "preferences", "check_suites", "corrections"):
        op.drop_table(table)
    with op.batch_alter_table("activity") as changed:
        changed.drop_column("said_as_of")
        changed.drop_column("says")
        changed.drop_column("asks")
    with op.batch_alter_table("threads") as changed:
        changed.drop_column("head_sha")
