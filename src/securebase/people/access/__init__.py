"""Access: the one decision on who may do what with which kind of thing; pure, no Django."""
