"""The targets of a plan, over HTTP."""
