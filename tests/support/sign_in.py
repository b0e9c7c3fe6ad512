"""Signing in as a person does."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra):
    return client.post(reverse("login"), {"username": name, "password": password, **extra})
