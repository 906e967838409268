"""``python -m lead_qualification`` is ``leadq``."""

import sys

from lead_qualification.cli import main

sys.exit(main())
