"""Finding the people whom an export names."""

from __future__ import annotations

from functools import cached_property

from accounts.database.constraints import npi_is_valid
from accounts.models import Provider, ProviderRole


class Clinicians:
    """Finds people by NPI, else by name; somebody unknown is added with an unknown role."""

    @cached_property
    def _by_npi(self) -> dict[str, Provider]:
        return {p.npi: p for p in Provider.objects.exclude(npi="")}

    @cached_property
    def _by_name(self) -> dict[str, Provider]:
        return {p.name: p for p in Provider.objects.order_by("-npi")}

    def find(self, name: str, npi: str = "") -> Provider | None:
        if npi in self._by_npi:
            return self._by_npi[npi]
        if not npi and not name:
            return None
        if not npi and name in self._by_name:
            return self._by_name[name]
        return self._remember(name or npi, npi)

    def _remember(self, name: str, npi: str) -> Provider:
        number = npi if npi_is_valid(npi) else ""
        provider, _ = Provider.objects.get_or_create(
            npi=number, name=name[:120], role=ProviderRole.UNKNOWN
        )
        self._by_npi[npi] = self._by_name[provider.name] = provider
        return provider
