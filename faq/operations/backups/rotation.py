"""Which backups stay: all of the last two days, the newest of each of the last days, and of each of the last weeks.

A backup is only ever pushed out by newer ones, signed by this portal, that hold at least as many versions of its texts. Versions only
grow: whoever holds fewer is another portal, or one that lost something, and however often it is backed up, what there was before
stays. Files that cannot be read as a backup neither count nor go.
"""

import re
from datetime import datetime, timedelta

from faq.operations.backups.archive import is_own, manifest_of, size_of

# Made by hand before or after something went wrong, perhaps: none of these pushes another one out.
RECENT = timedelta(days=2)
# Of those that upgrades made: how many stay.
UPGRADES = 5
_NAME = re.compile(r"(portal|vor-upgrade)-(\d{8}-\d{6})(?:-\d+)?\.tar\.gz")


def rotate(folder, days, weeks):
    """Delete the backups in a folder that none of this keeps; the paths of what was deleted. Other files are left alone."""
    found = _found(folder, "portal")
    own = _own(found)
    return _delete(path for path in found if path not in _staying([path, *_rivals(path, found, own)], days, weeks))


def rotate_upgrades(folder):
    """The same for those that upgrades made: each stays until there are five newer ones that count."""
    found = _found(folder, "vor-upgrade")
    own = _own(found)
    return _delete(path for path in found if len(_rivals(path, found, own)) >= UPGRADES)


def larger(folder, size):
    """The newest backup in a folder that a backup of this size could not stand for, or None: something was lost since."""
    found = _found(folder, "portal", "vor-upgrade")
    return next((path for path in reversed(found) if not size.stands_for(found[path])), None)


def _found(folder, *kinds):
    """The backups of these names, each with its size, the oldest first."""
    named = [(path, _NAME.fullmatch(path.name)) for path in folder.glob("*.tar.gz")]
    paths = sorted((path for path, name in named if name and name[1] in kinds), key=_order)
    sizes = {path: size_of(path) for path in paths}
    return {path: size for path, size in sizes.items() if size is not None}


def _own(paths):
    """Those that this portal signed: anybody can write that a backup holds more than all others."""
    return {path for path in paths if is_own(manifest_of(path))}


def _rivals(path, found, own):
    """The newer ones that may push it out."""
    paths = list(found)
    return [other for other in paths[paths.index(path) + 1 :] if other in own and found[other].stands_for(found[path])]


def _staying(paths, days, weeks):
    newest_of_day = {_moment(path).date(): path for path in paths}
    newest_of_week = {_moment(path).isocalendar()[:2]: path for path in paths}
    recent = [path for path in paths if _moment(paths[-1]) - _moment(path) < RECENT]
    return {*recent, *list(newest_of_day.values())[-days:], *list(newest_of_week.values())[-weeks:]}


def _delete(paths):
    gone = list(paths)
    for path in gone:
        path.unlink()
    return gone


def _order(path):
    return _moment(path), len(path.name), path.name  # a second one of the same second has a longer name


def _moment(path):
    return datetime.strptime(_NAME.fullmatch(path.name)[2], "%Y%m%d-%H%M%S")
