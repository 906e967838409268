"""Tryton module with the fields of the lead qualification; classes are named in tryton.cfg."""
