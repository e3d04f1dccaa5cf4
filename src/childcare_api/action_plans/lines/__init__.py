"""Legal bases, money and staff of a plan, over HTTP."""
