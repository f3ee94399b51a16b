"""How often the signals are wrong, in worlds where the truth is known."""
