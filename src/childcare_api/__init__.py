"""A backend for Vietnamese child protection and care."""

import gc

# For all that runs here, from its first import on: what is imported stays, and walking it again and again was a
# quarter of the time to start; while it serves, it walks what requests leave.
gc.set_threshold(50_000, 20, 50)
