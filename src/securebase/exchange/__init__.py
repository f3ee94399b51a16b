"""How it speaks with other systems."""
