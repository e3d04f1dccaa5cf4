"""units"""

from sql_files import run_sql_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0002_units.sql")


def downgrade() -> None:
    run_sql_file("0002_units_down.sql")
