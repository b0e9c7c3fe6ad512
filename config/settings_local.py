"""Served on this machine (demo, serve): as in development, without pages that show internals."""

import os

os.environ["DEBUG"] = "1"

from config.settings import *

DEBUG = False
EMBEDDED_POSTGRESQL_ALLOWED = True
