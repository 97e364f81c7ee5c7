"""Reads a page of a running portal without a pause: `hammer PORT PATH`, in a process of its own.

Each line on its input is a number N that was just acknowledged: from then on the page must say "Stand N." or a later
one. At the end of the input it prints how many pages it read and how many were old, as JSON.
"""

import http.client
import json
import re
import sys
import threading

acknowledged = [-1]
ended = threading.Event()


def listen():
    for line in sys.stdin:
        acknowledged[0] = int(line)
    ended.set()


def main(port, path):
    threading.Thread(target=listen, daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    read = old = 0
    while not ended.is_set():
        least = acknowledged[0]
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()  # else one worker alone would be asked
        found = re.search(r"Stand (\d+)\.", text)
        read += 1
        old += least >= 0 and (found is None or int(found[1]) < least)
    print(json.dumps({"read": read, "old": old}))


if __name__ == "__main__":
    main(*sys.argv[1:])
