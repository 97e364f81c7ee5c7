"""How large is it? Lines of code without migrations, blank lines, comments and docstrings: `lines [FOLDER …]`, faq and helpdesk unless told."""

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

from benchmarks.portal import print_table

FOLDERS = ("faq", "helpdesk")
MOST = 300  # lines of a file, all of them counted
HAVE_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source):
    """How many lines of this source hold code."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {line for token in tokens if token.type not in NO_CODE for line in range(token.start[0], token.end[0] + 1)}
    return len(code - docstrings(source))


def docstrings(source):
    """The lines of all docstrings in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, HAVE_DOCSTRINGS) and ast.get_docstring(node, clean=False) is not None:
            found.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return found


def room(path):
    return str(path.parent if len(path.parts) < 3 else Path(*path.parts[:2]))


def main(*folders):
    files = [path for folder in folders or FOLDERS for path in sorted(Path(folder).rglob("*.py"))]
    files = [path for path in files if "migrations" not in path.parts]
    counted = {path: lines_of_code(path.read_text(encoding="utf-8")) for path in files}
    rooms = Counter()
    for path, number in counted.items():
        rooms[room(path)] += number
    print_table(["room", "lines of code"], [*rooms.items(), ["together", f"{sum(counted.values()):,}"]])
    large = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    print(f"\nfiles: {len(files)}; over {MOST} lines:", {str(path): n for path, n in large.items() if n > MOST} or 0)
    flat = [path.stem for path in files if path.parent == Path("faq") and path.stem != "__init__"]
    print(f"modules that lie flat in faq: {len(flat)}: {', '.join(flat)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
