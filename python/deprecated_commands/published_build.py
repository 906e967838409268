"""``python -m published_build`` is ``leadq publish``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("published_build", "publish")
