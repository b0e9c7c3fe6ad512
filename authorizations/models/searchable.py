"""What the search compares: names without accents, numbers without spaces and hyphens."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class WordsToSearch(models.Func):
    """The words of names, each after a blank: without accents, apostrophes and capitals."""

    function = "words_to_search"
    output_field = models.TextField()


class NumberToSearch(models.Func):
    """A number without spaces, hyphens and small letters."""

    function = "number_to_search"
    output_field = models.TextField()


def searched_by(name: str, *columns: models.Func) -> GinIndex:
    """An index that finds a part of any of these."""
    return GinIndex(*(OpClass(column, name="gin_trgm_ops") for column in columns), name=name)
