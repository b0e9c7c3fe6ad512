"""Is it alive, and is it ready to serve? For balancers and for people at night."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from accounts.web.middleware import Handler
from authorizations.worklists.unfinished import unfinished_work

ALIVE = "/healthz"


def answer_while_alive(get_response: Handler) -> Handler:
    """Answer the probe before anything looks at the session: it asks nothing of the database."""

    def handle(request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path_info == ALIVE else get_response(request)

    return handle


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and every migration is applied; and what noted work still waits."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse("migrations are waiting\n", status=503, content_type="text/plain")
    lines = ["ready", *(work.sentence for work in unfinished_work())]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain")
