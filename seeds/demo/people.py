"""Places and people of the demo: three facilities, a login for each role, some clinicians."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from accounts.database.constraints import npi_check_digit
from accounts.models import Facility, Membership, Provider, ProviderRole, Role, User
from payers.models import ContractRate, DirectoryEntry, Payer, Plan

LOGINS = (
    # username, role, first name, last name
    ("frontdesk", Role.FRONT_DESK, "Fern", "Desk"),
    ("therapist", Role.THERAPIST, "Theo", "Beam"),
    ("physician", Role.PHYSICIAN, "Ines", "Alder"),
    ("coder", Role.CODER, "Cora", "Line"),
    ("manager", Role.MANAGER, "Mona", "Ledger"),
    ("administrator", Role.ADMINISTRATOR, "Ada", "Books"),
    ("administrator2", Role.ADMINISTRATOR, "Amos", "Pages"),
    ("auditor", Role.AUDITOR, "Otis", "Trail"),
)
FACILITIES = (
    ("RIVER", "Riverside Hospital Radiation Oncology", "22", "IL", ["TB1", "TB2"]),
    ("MEADOW", "Meadow Outpatient Radiation Center", "19", "IL", ["VB1"]),
    ("HILL", "Hillcrest Freestanding Radiation Center", "11", "IL", ["HAL1"]),
)
ONCOLOGISTS = ("Ines Alder", "Bram Thorn", "Lotte Reed")
THERAPISTS = ("Theo Beam", "Nell Fields")
RATES = (
    ("STD-UHC-CFI", "41.20"),
    ("STD-CIG-CFI", "43.75"),
    ("STD-AET-MA", "36.40"),
    ("STD-IL-PPO", "47.10"),
)


def npi(number: int) -> str:
    """A made-up NPI with a right check digit."""
    nine = f"1{number:08d}"
    return nine + npi_check_digit(nine)


def make_people(password: str) -> dict[str, User]:
    """The facilities, logins and clinicians; the logins by name."""
    for index, (code, name, place, state, machines) in enumerate(FACILITIES):
        Facility.objects.create(
            code=code,
            name=name,
            place_of_service=place,
            npi=npi(71_000_000 + index),
            state=state,
            machines=machines,
            is_made_up=True,
        )
    hashed = make_password(password)  # once: a hash is slow on purpose
    users = {row[0]: make_login(hashed, *row) for row in LOGINS}
    make_clinicians(users)
    return users


def make_login(password: str, username: str, role: str, first: str, last: str) -> User:
    user = User.objects.create(
        username=username,
        password=password,
        first_name=first,
        last_name=last,
        email=f"{username}@example.org",
    )
    Membership.objects.create(user=user, role=role)
    return user


def make_clinicians(users: dict[str, User]) -> None:
    """The oncologists (the first signs in as the physician), therapists and a physicist."""
    linked = {"Ines Alder": users["physician"], "Theo Beam": users["therapist"]}
    for index, name in enumerate(ONCOLOGISTS):
        Provider.objects.create(
            npi=npi(72_000_000 + index),
            name=name,
            role=ProviderRole.RADIATION_ONCOLOGIST,
            taxonomy="2085R0001X",
            user=linked.get(name),
        )
    for name in THERAPISTS:
        Provider.objects.create(name=name, role=ProviderRole.THERAPIST, user=linked.get(name))
    Provider.objects.create(npi=npi(73_000_000), name="Piet Gray", role=ProviderRole.PHYSICIST)


def make_directory(on: date) -> None:
    """Made-up numbers for payers whose real ones no source here gives."""
    for number, payer in enumerate(("aetna", "cigna", "bcbs")):
        DirectoryEntry.objects.create(
            payer=Payer.objects.get(key=payer),
            phone=f"555-555-01{10 + 4 * number}",
            hours="Mon–Fri 07:00–19:00",
            time_zone="America/Chicago",
            fax=f"555-555-01{11 + 4 * number}",
            portal_url="https://portal.example.org/",
            peer_to_peer_phone=f"555-555-01{12 + 4 * number}",
            peer_to_peer_hours="Mon–Fri 08:00–17:00",
            appeals_address="Appeals, 1 Example Street\nSpringfield, IL 00000",
            effective_from=date(2026, 1, 1),
            source="Made-up numbers of the demo",
            verified_on=on,
        )


def make_rates(on: date) -> None:
    """What some plans have agreed to pay for the physician's part of guidance."""
    for plan, amount in RATES:
        ContractRate.objects.create(
            plan=Plan.objects.get(code=plan),
            code="77387",
            modifier="26",
            amount=Decimal(amount),
            effective_from=date(2026, 1, 1),
            source="Made-up contract of the demo",
            verified_on=on,
        )
