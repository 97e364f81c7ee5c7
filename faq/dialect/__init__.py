"""The Markdown that people know, as GitHub reads it: its blocks, what stands in a line, and what there is not.

python-markdown's own reader of blocks knows lists, tables and fences only with empty lines around them and four spaces before what
they hold, and shows everything else as running text. `blocks` reads lines as CommonMark says and gives python-markdown the tree it
goes on with; `inline` adds what its patterns lack; `unknown` names what is refused. `faq.markup` puts them together.
"""
