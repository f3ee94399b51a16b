"""Asking less: the next best question, and when there is no need for another."""
