"""Which backups stay: the newest of each of the last days, and of each of the last weeks."""

import re
from datetime import datetime

_NAME = re.compile(r"portal-(\d{8}-\d{6})(?:-\d+)?\.tar\.gz")


def rotate(folder, days, weeks):
    """Delete the backups in a folder that are neither; the paths of what was deleted. Other files are left alone."""
    found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    newest_of_day = {_moment(path).date(): path for path in found}
    newest_of_week = {_moment(path).isocalendar()[:2]: path for path in found}
    kept = {*list(newest_of_day.values())[-days:], *list(newest_of_week.values())[-weeks:]}
    gone = [path for path in found if path not in kept]
    for path in gone:
        path.unlink()
    return gone


def _moment(path):
    return datetime.strptime(_NAME.fullmatch(path.name)[1], "%Y%m%d-%H%M%S")
