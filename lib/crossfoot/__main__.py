"""`python -m crossfoot` is the command line."""

import sys

from crossfoot_cli.commands import main

sys.exit(main())
