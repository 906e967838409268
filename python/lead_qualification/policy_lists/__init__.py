"""Makes the long lists of the policy from maintained packages: holidays, countries, mail providers.

``python -m lead_qualification.policy_lists`` brings ``holidays.csv``, ``countries.csv`` and
``email_domains.csv`` of ``seeds/policy`` up to date. Rows that are there stay, so what a user added
is kept. Sources and licences: ``docs/policy_lists.md``.
"""
