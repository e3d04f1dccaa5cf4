"""confidentiality"""

from sql_files import run_sql_file

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0017_exclusions.sql")
    run_sql_file("0017_levels.sql")
    run_sql_file("0017_sealed_elsewhere.sql")
    run_sql_file("0017_excluded_elsewhere.sql")


def downgrade() -> None:
    run_sql_file("0017_confidentiality_down.sql")
