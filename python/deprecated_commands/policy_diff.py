"""``python -m policy_diff`` is ``leadq diff``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("policy_diff", "diff")
