"""`python -m childcare_api` is `childcare-api`."""

from childcare_api.cli import app

app()
