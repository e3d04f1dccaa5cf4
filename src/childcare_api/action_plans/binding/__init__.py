"""What a plan binds others to report, over HTTP."""
