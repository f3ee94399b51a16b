"""Languages: which pages speak more than English, how, and in which one somebody reads."""
