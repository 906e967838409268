"""``python -m crm_sync`` is ``leadq sync``."""

from lead_qualification.deprecated import hand_over

if __name__ == "__main__":
    hand_over("crm_sync", "sync")
