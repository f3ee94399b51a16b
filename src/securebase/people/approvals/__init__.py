"""Acts that need two persons: asked for by one, confirmed by another, within days."""
