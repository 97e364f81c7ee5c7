"""The exchange format: everything that is stored, as plain files.

Between text and document, without a database: `values` (YAML with its lines), `documents` (what each holds), `reading`,
`canonical`, `walkthrough_text`. Between document and row: `mapping`, and `kinds`, the registry. A folder as a whole: `folder`,
`exporting`, `zip_file`; importing is a room of its own. `portal_links` and `glossary_links` fill in what links in texts lead to.
"""
