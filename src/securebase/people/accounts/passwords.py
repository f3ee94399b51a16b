"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CalmArgon2(Argon2PasswordHasher):
    """Argon2id at 48 MiB and two passes.

    The published minimum is 19 MiB (OWASP); Django's default of 100 MiB lets sixteen
    people who sign in at once take 1.6 GB.
    """

    time_cost = 2
    memory_cost = 48 * 1024
    parallelism = 1
