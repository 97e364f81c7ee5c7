"""Links to steps stay right: a step gets its name at its first save, and the name of one that is gone leads to what took its place."""

from faq.content import kinds, step_names


def follow(entries):
    """Name the steps of these entries that are new, and note where names lead that are gone."""
    for entry in entries:
        steps = list(entry.steps.all())
        for step, name in zip(steps, step_names.filled(steps), strict=True):
            if step.name != name:
                step.name = name
                step.save(update_fields=["name"])
        now = [step.name for step in steps]
        if now != entry.step_order and not kinds.is_working_copy(entry):
            entry.former_steps = _former(entry, now)
            entry.step_order = now
            entry.save(update_fields=["former_steps", "step_order"])


def _former(entry, now):
    successors = step_names.successors(entry.step_order, now)
    former = {name: successors.get(leads_to, leads_to) for name, leads_to in entry.former_steps.items()} | successors
    return {name: leads_to for name, leads_to in former.items() if name not in now}
