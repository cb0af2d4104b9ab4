"""What a reader without Jupyter gets of an audit: evidence page, working paper, annotated report.

Needs the optional extra `papers`.
"""

from crossfoot.errors import require

require("papers", "jinja2", "markupsafe", "pypdf", "xlsxwriter")
