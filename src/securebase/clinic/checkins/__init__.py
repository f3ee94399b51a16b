"""Check-ins: the agreed rhythm and each short moment of answering."""
