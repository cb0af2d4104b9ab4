"""Crossfoot audits China's annual reports on open government information: does every sum agree?"""

from .audit import Audit, Report, audit, audit_document
from .errors import CrossfootError, ManifestError, ReportError

__all__ = ["Audit", "CrossfootError", "ManifestError", "Report", "ReportError", "audit", "audit_document"]
__version__ = "0.1.0"
