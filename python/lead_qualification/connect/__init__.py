"""Finds what a tool landed in the warehouse, and connects it; command ``leadq connect``.

What a connector reads is declared once, in macros/connectors/declarations/. This package compares
the declarations with the catalogue of the warehouse, writes the var ``connectors`` and the rows of
field_map.csv and value_map.csv that follow from names alone, and tells what is read and what is
not.
"""
