"""Every module's models in one place, for Alembic and for the tests that walk all tables."""

from childcare_api.shared.db import Base

metadata = Base.metadata
