"""Make a machine channel, whose approvals of images count, and print its credential once."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Facility, system_user
from authorizations.exceptions import Refused
from authorizations.imports.machine_channels import create_channel


class Command(BaseCommand):
    """An administrator confirms the channel in Admin before anything it brings counts."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--facility", default="", metavar="CODE", help="One facility's only.")

    def handle(self, *args: object, **options: object) -> None:
        code = str(options["facility"])
        facility = Facility.objects.filter(code=code).first() if code else None
        if code and facility is None:
            raise CommandError(f"No facility has the code {code}.")
        try:
            channel, credential = create_channel(
                name=str(options["name"]), by=system_user(), facility=facility
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write(
            f"The channel “{channel}” waits for an administrator, who confirms it in Admin. Its "
            "credential is shown this once; give it in CHANNEL_CREDENTIAL:"
        )
        self.stdout.write(credential)
