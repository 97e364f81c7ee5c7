"""Who is in charge of texts, and how they go from one account to another. No reader sees it, and no version holds it."""

from django.contrib.auth.models import User
from django.db.models import Q

from faq.editing.writing import PUBLISH, action, may_publish, writing
from faq.models import Entry, Gap


def name_of(account):
    return account.get_full_name() or account.get_username()


def colleagues(present=None):
    """Accounts that somebody works with, and the one with the key `present`, whoever that is."""
    working = Q(is_active=True, is_staff=True)
    return User.objects.filter(working | Q(pk=present)).order_by("first_name", "last_name", "username")


def publishers():
    """Those who may publish."""
    may = User.objects.with_perm(PUBLISH, backend="django.contrib.auth.backends.ModelBackend")
    return may.filter(is_staff=True).order_by("first_name", "last_name", "username")


def gone():
    """Accounts that open nothing any more."""
    return User.objects.filter(Q(is_active=False) | Q(is_staff=False))


def held_by(accounts, *, who):
    """Entries, drafts and working copies in the hands of some accounts, of which `who` may say in whose else they are."""
    texts = Entry.rows.held_by(accounts)
    return texts if may_publish(who) else texts.in_preparation()


def number_held(account, *, who):
    """The same, as a number, and the gaps that the account takes care of."""
    return held_by([account.pk], who=who).count() + Gap.objects.filter(in_charge=account).count()


@action
def hand_over(account, *, to, who):
    """Put what is in the hands of an account into those of another, or of nobody. Returns how much that is."""
    with writing(source="admin", who=who):
        texts = Entry.rows.filter(pk__in=held_by([account.pk], who=who).values("pk"))
        return texts.update(owner=to) + Gap.objects.filter(in_charge=account).update(in_charge=to)
