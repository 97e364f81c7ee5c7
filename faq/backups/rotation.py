"""Which backups stay: all of the last two days, the newest of each of the last days, and of each of the last weeks."""

import re
from datetime import datetime, timedelta

# Made by hand before or after something went wrong, perhaps: none of these pushes another one out.
RECENT = timedelta(days=2)
_NAME = re.compile(r"portal-(\d{8}-\d{6})(?:-\d+)?\.tar\.gz")


def rotate(folder, days, weeks):
    """Delete the backups in a folder that are none of these; the paths of what was deleted. Other files are left alone."""
    found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    newest_of_day = {_moment(path).date(): path for path in found}
    newest_of_week = {_moment(path).isocalendar()[:2]: path for path in found}
    recent = [path for path in found if _moment(found[-1]) - _moment(path) < RECENT]
    kept = {*recent, *list(newest_of_day.values())[-days:], *list(newest_of_week.values())[-weeks:]}
    gone = [path for path in found if path not in kept]
    for path in gone:
        path.unlink()
    return gone


def _moment(path):
    return datetime.strptime(_NAME.fullmatch(path.name)[1], "%Y%m%d-%H%M%S")
