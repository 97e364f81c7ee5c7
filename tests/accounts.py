"""Accounts as an operator makes them, and browsers in which they are logged in."""

from django.contrib.auth.models import Group, User
from django.test import Client


def client_of(group, name="rita"):
    """A client in which a new account of a group is logged in."""
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client
