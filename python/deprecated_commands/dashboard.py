"""``python -m dashboard`` is ``leadq dashboard``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("dashboard", "dashboard")
