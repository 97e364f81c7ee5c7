"""Attachments in a store that speaks S3, where FILES_URL names one. Loaded by that setting alone: boto takes a tenth of a worker's memory."""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

_CLIENT = Config(
    # A store that is gone is given up after seconds: a thread waits for it.
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Checksums beyond S3's first ones are Amazon's alone.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_TRANSFER = TransferConfig(use_threads=False)
_IN_MEMORY = 1_000_000  # bytes of a file that is read; of a larger one the rest lies on the disk meanwhile


class Store(S3Storage):
    """What goes wrong there is an OSError, as in a folder."""

    def __init__(self, **options):
        super().__init__(client_config=_CLIENT, transfer_config=_TRANSFER, max_memory_size=_IN_MEMORY, **options)

    def _open(self, name, mode="rb"):
        with _as_in_a_folder():
            # Fetched as a whole: what fails, fails before anything is sent to a reader.
            return super()._open(name, mode).open()

    def _save(self, name, content):
        with _as_in_a_folder():
            return super()._save(name, content)

    def delete(self, name):
        with _as_in_a_folder():
            super().delete(name)

    def exists(self, name):
        with _as_in_a_folder():
            return super().exists(name)

    def listdir(self, path):
        with _as_in_a_folder():
            return super().listdir(path)


@contextmanager
def _as_in_a_folder():
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(str(error)) from error
