"""``python -m predictive_score`` is ``leadq predict``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("predictive_score", "predict")
