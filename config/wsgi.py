import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DTKS_WEB"] = "1"  # before the settings are read: see WEB_STATEMENT_SECONDS there
application = get_wsgi_application()
