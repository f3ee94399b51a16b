"""What the pages say in other languages, and that nothing is forgotten."""
