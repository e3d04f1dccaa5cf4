"""exchange"""

from sql_files import run_sql_file

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0013_exchange.sql")
    run_sql_file("0013_hotline_updates.sql")
    run_sql_file("0013_papers.sql")


def downgrade() -> None:
    run_sql_file("0013_exchange_down.sql")
