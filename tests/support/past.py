"""Looking back to a moment, as a person does on the pages."""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone

from accounts.past.middleware import KEY


def look_back_to(client, moment: datetime) -> None:
    session = client.session
    session[KEY] = moment.isoformat()
    session.save()


def moment_between() -> datetime:
    """A moment after all that is written, and before all that follows."""
    time.sleep(0.02)
    moment = timezone.now()
    time.sleep(0.02)
    return moment
