"""Second run of the suite, on a PostgreSQL and Redis that happen to be installed; says when there are none.

Makes a database of its own, uses Redis database 15 under its own prefix, drops the database again.
"""

import os
import socket
import subprocess
import sys
from urllib.parse import quote

import psycopg
from psycopg import sql

HOST, POSTGRES_PORT, REDIS_PORT = "127.0.0.1", 5432, 6379
USERS = (os.environ.get("USER", ""), "root", "postgres")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((HOST, port)) == 0


def administrator() -> tuple[str, psycopg.Connection] | None:
    """A login that may create databases and roles (docs/adr/0034): PGUSER, our own name, root, postgres; password from PGPASSWORD."""
    for user in dict.fromkeys(filter(None, (os.environ.get("PGUSER", ""), *USERS))):
        try:
            connection = psycopg.connect(
                host=HOST,
                port=POSTGRES_PORT,
                user=user,
                dbname="postgres",
                connect_timeout=5,
                autocommit=True,
            )
        except psycopg.OperationalError:
            continue
        row = connection.execute(
            "select rolcreatedb and rolcreaterole or rolsuper from pg_roles where rolname = current_user"
        ).fetchone()
        if row and row[0]:
            return user, connection
        connection.close()
    return None


def main() -> int:
    if not (answers(POSTGRES_PORT) and answers(REDIS_PORT)):
        print(f"No PostgreSQL on {POSTGRES_PORT} with a Redis on {REDIS_PORT}: second run left out.")
        return 0
    login = administrator()
    if login is None:
        print("No login may create a database and roles here (set PGUSER, PGPASSWORD): second run left out.")
        return 0
    user, connection = login
    name = f"portal_ci_{os.getpid()}"
    version = connection.execute("show server_version").fetchone()
    print(f"PostgreSQL {version[0] if version else '?'} as {user}, database {name}, Redis db 15", flush=True)
    connection.execute(
        sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
    )
    password = f":{quote(os.environ['PGPASSWORD'], safe='')}" if os.environ.get("PGPASSWORD") else ""
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{user}{password}@{HOST}:{POSTGRES_PORT}/{name}",
        "REDIS_URL": f"redis://{HOST}:{REDIS_PORT}/15",
    }
    try:
        return subprocess.run(["./test", *sys.argv[1:]], env=environment, check=False).returncode
    finally:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
