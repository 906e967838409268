"""Fields of a lead that the sync writes."""

from trytond.model import Unique, fields
from trytond.pool import PoolMeta


class SaleOpportunity(metaclass=PoolMeta):
    """A lead or opportunity."""

    __name__ = "sale.opportunity"

    qualification_lead_id = fields.Char("CRM Lead Id", strip=False)
    lifecycle_stage = fields.Char("Lifecycle Stage", strip=False)
    lead_stage = fields.Char("Lead Stage", strip=False)
    lead_score = fields.Integer("Lead Score")
    lead_grade = fields.Char("Lead Grade", strip=False)
    recommended_action = fields.Char("Recommended Action", strip=False)
    action_owner = fields.Char("Action Owner", strip=False)
    action_due_at = fields.DateTime("Action Due At")
    nurture_track = fields.Char("Nurture Track", strip=False)
    re_engage_on = fields.Date("Re-engage On")
    sql_handed_off_at = fields.DateTime("Handed Off To Sales At")
    recommended_rep_id = fields.Char("Recommended Representative", strip=False)
    sla_due_at = fields.DateTime("Answer Due At")
    held_back_by = fields.Char("Held Back By", strip=False)
    handoff_context = fields.Text("Context Of The Hand-off", strip=False)
    score_reasons = fields.Text("Reasons Of The Score", strip=False)
    lead_qualification_hash = fields.Char("Lead Qualification Hash", strip=False)

    @classmethod
    def __setup__(cls):
        """A key stands for one lead."""
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(
            (
                "qualification_lead_id_unique",
                Unique(table, table.qualification_lead_id),
                "lead_qualification.msg_lead_id_unique",
            )
        )
