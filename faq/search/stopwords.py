"""Words that say nothing about what is sought: articles, pronouns, auxiliaries, question words.

The closed classes of German and the commonest of English, and the verbs with which one asks for anything at all.
They count only where a query has no other word.
"""

from faq.search.analysis import fold

_GERMAN = """
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus ausser bei
beim bereits bin bis bist bitte bzw da dabei dadurch dafür dagegen daher dahin damit danach daneben dann daran darauf
daraus darf dürfen durfte darin darüber darum darunter das dass davon davor dazu dein deine deinem deinen deiner dem
den denen denn dennoch der deren des deshalb dessen die dies diese diesem diesen dieser dieses doch dort du durch
ebenso ein eine einem einen einer eines einige einigem einigen einiger einiges einmal er es etwa etwas euch euer eure
für gar gegen geben gibt gibts gab ggf hab habe haben habt hat hatte hatten hättest hätte hätten hier hin hinter ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins irgend ist ja jede jedem jeden jeder jedes jedoch jemand
jemandem jemanden jene jenem jenen jener jetzt kann kannst können könnt könnte könnten
kein keine keinem keinen keiner keines man manche mein meine meinem meinen meiner meines
mich mir mit mögen möchte möchten muss musst müssen müsst musste müsste nach nachdem nein nicht nichts noch nun nur ob
obwohl oder ohne schon sehr sei seid sein seine seinem seinen seiner seines seit selbst sich sie sind so sobald solche
solchem solchen solcher soll sollen sollte sollten somit sondern sonst soweit sowie statt über um und uns unser unsere
unserem unseren unserer unter viel viele vielen vom von vor während wann war waren wäre wären warum was weg weil
weiter welche welchem welchen welcher welches wem wen wenn wer werde werden wessen weshalb wie wieder wieso wieviel
will wir wird wirst wo wobei wodurch wofür woher wohin womit woran worauf woraus worin worüber wovon wozu wollen
wollte wollten wurde wurden würde würden zu zum zur zwar zwischen z.b. tun tut tue mache machen macht gehen geht gehts ging
lassen lässt brauche brauchen braucht bekomme bekommen bekommt kriege kriegen kriegst kriegt finde finden findet sehe sehen
heißt bedeutet passiert passieren eigentlich lang lange oft hoch mal denn überhaupt
"""
_ENGLISH = """
a an and are as at be by can do does for from get have how i if in is it my not of on or our that the there this to
was we what when where which who why will with you your
"""

STOP_WORDS = frozenset(fold(word) for word in (_GERMAN + _ENGLISH).split())
