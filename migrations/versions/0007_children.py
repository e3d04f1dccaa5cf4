"""children"""

from sql_files import run_sql_file

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0007_children.sql")
    run_sql_file("0007_children_access.sql")


def downgrade() -> None:
    run_sql_file("0007_children_down.sql")
