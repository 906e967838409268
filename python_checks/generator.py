"""``python -m python_checks.generator`` is ``leadq generate``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("python_checks.generator", "generate")
