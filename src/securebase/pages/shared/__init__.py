"""Shared pages: layout, components, charts and the look of everything."""
