from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, t=2, p=1 (OWASP): eight threads at once still fit a small server."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
