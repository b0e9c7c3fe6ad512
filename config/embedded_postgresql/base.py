"""Django's database engine on the embedded server, started when the first connection is made."""

from __future__ import annotations

import atexit
import threading
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base as postgresql

from config.embedded_postgresql.cluster import Cluster

APPLICATION_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ledger') THEN
        CREATE ROLE ledger LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another process was first
END $$
"""
_lock = threading.Lock()
_cluster: Cluster | None = None


def cluster() -> Cluster:
    """The running server of this checkout; this process is counted as its user until it ends."""
    global _cluster
    with _lock:
        if _cluster is None:
            started = Cluster()
            started.lease()
            started.start()
            create_application_role(started)
            atexit.register(started.release)
            _cluster = started
        return _cluster


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """PostgreSQL that starts itself. Refuses where DEBUG is off and no test runs."""

    def get_connection_params(self) -> dict[str, Any]:
        if not (settings.DEBUG or getattr(settings, "EMBEDDED_POSTGRESQL_ALLOWED", False)):
            raise ImproperlyConfigured(
                "The embedded PostgreSQL is only for development. Set DATABASE_URL to your server."
            )
        where = cluster().parameters()
        self.settings_dict.update(
            HOST=where["host"],
            PORT=where["port"],
            USER=self.settings_dict["USER"] or where["user"],
            PASSWORD="",
        )
        return dict(super().get_connection_params())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            name = str(self.settings_dict["NAME"])
            if "does not exist" not in str(error) or name.startswith("test_"):
                raise
            create_database(name)
            return super().get_new_connection(conn_params)


def create_application_role(started: Cluster) -> None:
    """The role the application works as: it owns nothing and makes nothing."""
    where: dict[str, Any] = started.parameters()
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(APPLICATION_ROLE)


def create_database(name: str) -> None:
    """The development database, made when it is first asked for."""
    where: dict[str, Any] = cluster().parameters()
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
