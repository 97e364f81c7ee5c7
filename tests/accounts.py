"""Accounts as an operator makes them, and browsers in which they are logged in."""

from django.contrib.auth.models import Group, User
from django.test import Client


def make_account(name, group, **options):
    """A new account of a group."""
    account = User.objects.create_user(name, **{"password": "x", "is_staff": True} | options)
    account.groups.add(Group.objects.get(name=group))
    return account


def client_of(group, name="rita", **options):
    """A client in which a new account of a group is logged in, as its `user`."""
    client = Client()
    client.user = make_account(name, group, **options)
    client.force_login(client.user)
    return client
