"""Fields of an account that the sync writes."""

from trytond.model import Unique, fields
from trytond.pool import PoolMeta


class Party(metaclass=PoolMeta):
    """A party; accounts are parties."""

    __name__ = "party.party"

    qualification_account_id = fields.Char("CRM Account Id", strip=False)
    account_score = fields.Integer("Account Score")
    account_stage = fields.Char("Account Stage", strip=False)
    is_in_market = fields.Boolean("In Market")
    lead_qualification_hash = fields.Char("Lead Qualification Hash", strip=False)

    @classmethod
    def __setup__(cls):
        """A key stands for one party."""
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(
            (
                "qualification_account_id_unique",
                Unique(table, table.qualification_account_id),
                "lead_qualification.msg_account_id_unique",
            )
        )
