"""Crossfoot audits China's annual reports on open government information: does every sum agree?"""

from .audit import Audit, audit, check, claims, explain, facts, load, read, show_counts_whole, worded
from .errors import ArgumentError, CrossfootError, ManifestError, ReportError
from .steps import Report

__all__ = [
    "ArgumentError",
    "Audit",
    "CrossfootError",
    "ManifestError",
    "Report",
    "ReportError",
    "audit",
    "check",
    "claims",
    "explain",
    "facts",
    "load",
    "read",
    "show_counts_whole",
    "worded",
]
__version__ = "0.1.0"
