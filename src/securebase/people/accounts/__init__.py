"""Accounts: who may sign in, with what second factor, in which roles."""
