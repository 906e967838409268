"""The pages, one a module; each has a TITLE and a function render."""
