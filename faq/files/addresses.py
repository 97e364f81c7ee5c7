"""Where pictures are: by the checksum of each size, so that an address never shows another one."""

from django.core import signing
from django.urls import reverse

PREVIEW_DAYS = 14
_SIGNER = signing.TimestampSigner(salt="faq.picture")


def rendition(found, previewed=False):
    """The address of a Rendition. `previewed`: whoever has it sees the picture for some days, also while readers don't."""
    name = f"{found.stored.sha256}.{found.stored.kind}"
    return reverse("picture", args=[name]) + (f"?vorschau={_SIGNER.sign(name).partition(':')[2]}" if previewed else "")


def may_preview(name, signature):
    """Whether this name was signed in the last days."""
    try:
        _SIGNER.unsign(f"{name}:{signature}", max_age=PREVIEW_DAYS * 24 * 3600)
    except signing.BadSignature:
        return False
    return True
