"""``python -m python_checks.summary`` is ``leadq summary``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("python_checks.summary", "summary")
