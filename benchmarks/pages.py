"""Every list, worklist, form and case page: questions and blocks, to compare two sizes (P2).

Run it on databases of `manage.py make_history`, with DATABASE_URL naming each:
`pages.py > young.txt`, then `pages.py --beside young.txt` on the older one.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from dashboard import asked, median, start, touched

ROLES = ("manager", "front_desk", "therapist", "physician", "coder")
LISTS = (
    "home",
    "course_list",
    "authorization_list",
    "image_review_list",
    "charge_list",
    "return_list",
    "changed_list",
    "dispute_list",
    "batch_list",
    "rejudge_run_list",
    "conflict_list",
    "payer_dashboard",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=Path)
    younger = parser.parse_args().beside
    before = dict(line.rsplit("\t", 1) for line in read(younger)) if younger else {}
    client = start(*ROLES)
    for label, address in addresses():
        work = functools.partial(client.get, address)
        assert work().status_code == 200, address
        questions = asked(work)
        blocks = sum(map(touched, questions))
        growth = f"{blocks / max(int(before[label]), 1):6.2f}" if label in before else ""
        if growth:
            print(f"{label:36} {len(questions):4} questions {blocks:9,} {growth} times")
        else:
            print(f"{label}\t{blocks}")
        if growth and median(work, 3) > 1000:
            print(f"{'':36} more than a second")


def read(file: Path) -> list[str]:
    return file.read_text().splitlines()


def addresses() -> Iterator[tuple[str, str]]:
    """Each page by a name that both sizes share. The newest case stands for all."""
    from django.urls import reverse

    from authorizations.models import Batch, Charge, PriorAuthorization
    from authorizations.worklists import WORKLISTS

    for name in LISTS:
        yield name, reverse(name) + ("?group=rule" if name == "charge_list" else "")
    for queue in WORKLISTS:
        yield f"worklist {queue.key}", f"{reverse(queue.page)}?queue={queue.key}"
    charge = Charge.objects.select_related("session__course", "facility").latest("pk")
    day = f"?facility={charge.facility.code}&date={charge.date_of_service}"
    for name in ("day_sheet", "reconciliation"):
        yield name, reverse(name) + day
    for name, number in (
        ("charge_detail", charge.pk),
        ("session_detail", charge.session_id),
        ("session_evidence", charge.session_id),
        ("course_detail", charge.session.course_id),
        ("authorization_detail", PriorAuthorization.objects.latest("pk").pk),
        ("batch_detail", Batch.objects.latest("pk").pk),
    ):
        yield name, reverse(name, args=[number])
    yield "search", reverse("search") + "?q=Sample12"


if __name__ == "__main__":
    main()
