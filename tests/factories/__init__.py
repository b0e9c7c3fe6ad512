"""Rows for tests, each in a state the app could reach."""

from tests.factories.asks import *
from tests.factories.books import *
from tests.factories.cases import *
from tests.factories.course_changes import *
from tests.factories.days import *
from tests.factories.imports import *
from tests.factories.paper import *
from tests.factories.patients import *
from tests.factories.people import *
from tests.factories.queues import *
