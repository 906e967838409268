select 'Of the host project; the package has a table of this name too.' as note
