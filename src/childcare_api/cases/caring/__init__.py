"""Caring: a child with a carer, from the handing over to the end: visits, reports, decisions (Điều 42-48)."""
