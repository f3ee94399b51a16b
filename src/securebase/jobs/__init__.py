"""What runs by the clock: check-ins opened, silences noticed, mail sent once."""
