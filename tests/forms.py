"""Fill in a form of the admin as a browser would: read the page, change some fields, send all of them."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.fields, self._textarea, self._select = {}, None, None
        self.feed(html)

    def _add(self, name, value):
        self.fields.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type", "text")
        if tag == "input" and name and kind in ("checkbox", "radio"):
            if "checked" in attrs:
                self._add(name, attrs.get("value", "on"))
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            self._add(name, attrs.get("value") or "")
        elif tag == "textarea":
            self._textarea = [name, ""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in attrs:
            self._add(self._select, attrs.get("value", ""))

    def handle_data(self, data):
        if self._textarea:
            self._textarea[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._textarea:
            name, text = self._textarea
            # As browsers do: the first line break is the page's own, and line ends are CRLF.
            self._add(name, text.removeprefix("\n").replace("\n", "\r\n"))
            self._textarea = None
        elif tag == "select":
            self._select = None


def filled_in(client, url, **changes):
    """What a browser would send for the page's main form, with some fields changed; a double underscore stands for "-"."""
    html = client.get(url).content.decode()
    start = html.find('_form" novalidate') if '_form" novalidate' in html else 0
    fields = _Form(html[start:]).fields
    data = {name: values for name, values in fields.items() if "__prefix__" not in name and name != "q"}
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def errors(response):
    """The messages beside the fields of a form that was refused."""
    html = response.content.decode()
    return [piece.partition("</ul>")[0] for piece in html.split('class="errorlist')[1:]]
