"""``python -m daily_run`` is ``leadq daily``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("daily_run", "daily")
