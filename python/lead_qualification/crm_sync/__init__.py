"""Writes lead stages and scores from the warehouse back to a CRM; command ``leadq sync``.

The warehouse decides what is written: crm_lead_sync and crm_account_sync hold only rows that
differ from the CRM. This package delivers them, and nothing is lost or written twice when it is
killed and run again.
"""
