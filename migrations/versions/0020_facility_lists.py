"""lists of facilities"""

from sql_files import run_sql_file

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0020_facility_lists.sql")
    run_sql_file("0020_province_care.sql")


def downgrade() -> None:
    run_sql_file("0020_facility_lists_down.sql")
