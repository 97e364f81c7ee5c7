"""An answer and a walkthrough that have everything a text can have."""

import datetime

from faq.content.documents import Step
from faq.models import Contact
from tests.drawings import png, sketch
from tests.factories import edit, make_entry, make_picture, make_walkthrough

BODY = """Ein **fetter**, ein *schräger* und ein ~~alter~~ Satz mit `Code` und dem VLSC.  
Neue Zeile: [Microsoft](https://example.org/lizenzen?a=1&b=2), <https://example.org/>, [Stornierung](faq:stornierung),
[Lizenzteam](kontakt:lizenzteam), [hilfe@example.org](mailto:hilfe@example.org) und [Beschreibung eAgreement](offen:eagreement).

## Listen

- eins
- zwei
    - zwei a
        - zwei a α
    - zwei b
- drei

3. dritter Punkt

    Noch ein Absatz dazu.

4. vierter Punkt
    1. erstens
    2. zweitens

## Tabelle

| Menge | Preis | Was |
|--:|:-:|---|
| 5 | **10 €** | [Open Value](https://example.org/ov) |
| 12 | 20 € | a<b & c |

### Kasten

!!! hinweis
    Gilt nur bis *Juni*.

    - für Schulen
    - für Verwaltungen

!!! achtung "Vorsicht, Frist"
    Nach 21 Tagen ist es zu spät.

> Wer fragt, bekommt Antwort.

```
Get-MgSubscribedSku -All
  | Select-Object Name
```

![](bild:fenster)

Klicken Sie auf ![](bild:zahnrad) oben rechts.
"""  # noqa: W291  two spaces end a line


def make():
    """`/faq/alles-drin/` and `/faq/alles-drin-schritte/`; the Lizenzteam has an e-mail address."""
    make_picture("fenster", png(width=1280, height=800), caption="Das Fenster im VLSC")
    make_picture("zahnrad", sketch(40, 40))
    edit(Contact.objects.get(slug="lizenzteam"), email="lizenzen@example.org")
    dates = {"updated": datetime.date(2026, 10, 2), "reviewed": datetime.date(2026, 11, 3)}
    make_entry("alles-drin", title="Was kann eine Antwort?", body=BODY, **dates)
    steps = [
        Step(title="Anrufen", actors="Reseller", needs="die Kundennummer"),
        Step(title="Unterschreiben", actors="Endkunde, Reseller", duration="ein Tag", gets="den Vertrag", body=BODY),
        Step(title="Keys aktivieren", section="Nur dann", applies_to="Office 365", needs="die Keys & den Brief"),
    ]
    make_walkthrough("alles-drin-schritte", title="Was kann ein Ablauf?", body="Vorab ein Satz.", steps=steps, **dates)
