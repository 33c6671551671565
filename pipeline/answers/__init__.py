"""What people see when they ask a dataset: queries, their rows on a screen and in files, search, an article's page, a row explained.

`named` has the queries by name and narrows them down, `query` asks, `layout` and `screen` show rows, `forms` and `files` write them. No Beam,
no model.
"""
