"""Reading the audit, sealing it, and finding out whether anyone tampered with it. Writing it is access/audit.py."""
