"""break the glass"""

from sql_files import run_sql_file

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0018_break_the_glass.sql")


def downgrade() -> None:
    run_sql_file("0018_break_the_glass_down.sql")
