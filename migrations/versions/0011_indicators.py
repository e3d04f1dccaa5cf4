"""indicators"""

from sql_files import run_sql_file

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0011_indicators.sql")


def downgrade() -> None:
    run_sql_file("0011_indicators_down.sql")
