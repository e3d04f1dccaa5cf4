"""transitions"""

from sql_files import run_sql_file

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0015_transitions.sql")
    run_sql_file("0015_transfers.sql")
    run_sql_file("0015_child_moves.sql")


def downgrade() -> None:
    run_sql_file("0015_transitions_down.sql")
