"""Roles × permissions: one table in plain English. Pages, buttons and refusals all ask it."""

from __future__ import annotations

from enum import StrEnum

from accounts.models import Facility, Role, User


class Permission(StrEnum):
    """Something a person may do."""

    REGISTER = "register patients, coverages and courses"
    LOG_AUTHORIZATIONS = "log authorizations, calls, letters and decisions"
    OVERRIDE = "override a stop with a reason"
    RECORD_SESSIONS = "record guidance sessions"
    REVIEW_IMAGES = "approve images and shifts"
    REVIEW_CHARGES = "correct, hold, void and release charges"
    IMPORT = "import treatments and registrations"
    READ_CASES = "read patients, courses, authorizations and sessions"
    SAVE_VIEWS = "save views of the lists"
    READ_DASHBOARD = "read the payer dashboard"
    KEEP_BOOKS = "keep codes, payers, plans, policies, facilities and people"
    ENTER_METRICS = "enter what payers publish about their decisions"
    READ_AUDIT = "read who saw or changed what"
    READ_BOOKS = "read codes, rules and payers"


P = Permission
ROLES: dict[str, tuple[str, frozenset[Permission]]] = {
    Role.FRONT_DESK: (
        "Registers patients and courses, logs authorizations, chases payers.",
        frozenset(
            {P.REGISTER, P.LOG_AUTHORIZATIONS, P.IMPORT, P.READ_CASES, P.SAVE_VIEWS, P.READ_BOOKS}
        ),
    ),
    Role.THERAPIST: (
        "Keeps the day sheet: what was imaged and delivered today.",
        frozenset({P.RECORD_SESSIONS, P.IMPORT, P.READ_CASES, P.SAVE_VIEWS, P.READ_BOOKS}),
    ),
    Role.PHYSICIAN: (
        "Approves images and shifts before the next treatment.",
        frozenset({P.REVIEW_IMAGES, P.READ_CASES, P.SAVE_VIEWS, P.READ_BOOKS}),
    ),
    Role.CODER: (
        "Reviews, corrects, holds and releases the per-fraction charges.",
        frozenset({P.REVIEW_CHARGES, P.READ_CASES, P.SAVE_VIEWS, P.READ_BOOKS, P.READ_DASHBOARD}),
    ),
    Role.MANAGER: (
        "Reads the dashboards and overrides with a reason that stays visible.",
        frozenset(
            {
                P.REGISTER,
                P.LOG_AUTHORIZATIONS,
                P.OVERRIDE,
                P.REVIEW_CHARGES,
                P.IMPORT,
                P.READ_CASES,
                P.SAVE_VIEWS,
                P.READ_DASHBOARD,
                P.ENTER_METRICS,
                P.READ_AUDIT,
                P.READ_BOOKS,
            }
        ),
    ),
    Role.ADMINISTRATOR: (
        "Keeps the books: codes, payers, plans, policies, people. Opens no cases.",
        frozenset({P.KEEP_BOOKS, P.ENTER_METRICS, P.READ_BOOKS}),
    ),
    Role.AUDITOR: (
        "Reads everything in scope and writes nothing.",
        frozenset({P.READ_CASES, P.READ_DASHBOARD, P.READ_AUDIT, P.READ_BOOKS}),
    ),
}


def held_roles(user: User) -> tuple[tuple[str, int | None], ...]:
    """Each role of a person with the number of its facility; None stands for every facility."""
    if not user.is_authenticated or not user.is_active:
        return ()
    if not hasattr(user, "_held_roles"):
        user._held_roles = tuple(user.memberships.values_list("role", "facility_id"))
    return user._held_roles


def roles_with(*permissions: Permission) -> frozenset[str]:
    """The roles that carry one of these permissions."""
    return frozenset(
        role for role, (_, carried) in ROLES.items() if not carried.isdisjoint(permissions)
    )


def roles_of(user: User, facility: Facility | None) -> frozenset[str]:
    """The roles a person holds in a facility; without one only those held in every facility."""
    places = (None, facility.pk) if facility else (None,)
    return frozenset(role for role, facility_id in held_roles(user) if facility_id in places)


def roles_anywhere(user: User) -> frozenset[str]:
    """The roles a person holds somewhere: what their work is, never what they may see or do."""
    return frozenset(role for role, _ in held_roles(user))


def has_permission(user: User, permission: Permission, facility: Facility | None) -> bool:
    """Whether one of the person's roles in that facility carries the permission."""
    return any(permission in ROLES[role][1] for role in roles_of(user, facility))


def is_permitted_somewhere(user: User, *permissions: Permission) -> bool:
    """Whether a page may open at all: what it shows and does asks for the facility again."""
    return not roles_anywhere(user).isdisjoint(roles_with(*permissions))
