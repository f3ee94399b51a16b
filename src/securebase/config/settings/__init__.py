"""Settings: a base, this machine, a server, the demo, and the tests."""
