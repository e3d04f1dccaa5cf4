"""transitions"""

from sql_files import run_sql_file

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0016_transitions.sql")
    run_sql_file("0016_transfers.sql")
    run_sql_file("0016_take_over.sql")
    run_sql_file("0016_child_moves.sql")
    run_sql_file("0016_report_updates.sql")


def downgrade() -> None:
    run_sql_file("0016_transitions_down.sql")
