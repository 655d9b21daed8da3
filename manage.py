#!/usr/bin/env python
"""Django's command line. On a checkout without DATABASE_URL it uses, and starts, the local servers."""

import os
import sys

from django.core.management import execute_from_command_line

from config import local_services

# These open no connection, or look after the servers themselves.
WITHOUT_SERVERS = {"help", "--help", "-h", "version", "--version", "jalan", "collectstatic"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("DTKS_LOCAL", "1")
    try:
        if not WITHOUT_SERVERS.intersection(sys.argv[1:2] or ["help"]):
            local_services.attach()
        execute_from_command_line(sys.argv)
    except local_services.LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
