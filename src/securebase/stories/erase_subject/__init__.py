"""Erasing a person: the plan table by table, what is kept and why, and doing it."""
