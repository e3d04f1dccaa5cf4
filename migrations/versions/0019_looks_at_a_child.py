"""looks at a child"""

from sql_files import run_sql_file

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0019_looks_at_a_child.sql")


def downgrade() -> None:
    run_sql_file("0019_looks_at_a_child_down.sql")
