"""What becomes of one item: the table that every import follows. A function of three texts, and of nothing else."""

CREATED, UPDATED, UNCHANGED, KEPT, DELETED, CONFLICT = "created", "updated", "unchanged", "kept", "deleted", "conflict"


def decide(file, base, stored, *, force=False, prune=False):
    """What becomes of an item, from its text in the file, at the last import, and as stored (None: not there).

    Returns CREATED, UPDATED, UNCHANGED, KEPT (stored, or its deletion, stays), DELETED, CONFLICT, or None for nothing at all.
    """
    if file is None:
        if stored is None:
            return None
        if not prune or (base is None and not force):
            return KEPT
        return DELETED if force or stored == base else CONFLICT
    if stored is None:
        if base is None or force:
            return CREATED
        return KEPT if file == base else CONFLICT
    if file == stored:
        return UNCHANGED
    if force or (stored == base and base is not None):
        return UPDATED
    return KEPT if file == base else CONFLICT
