"""access"""

from sql_files import run_sql_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0001_access.sql")


def downgrade() -> None:
    run_sql_file("0001_access_down.sql")
