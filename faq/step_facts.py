"""What is known about a step of a walkthrough: who acts, and the facts, in their order."""

ACTORS = ("Reseller", "Lizenzteam", "Microsoft", "Endkunde")
# Whose a step is, in words.
OF = {
    "Reseller": "des Resellers",
    "Lizenzteam": "des Lizenzteams",
    "Microsoft": "von Microsoft",
    "Endkunde": "des Endkunden",
}
# What these do comes to the reseller, who waits for it.
AWAITED = {"Lizenzteam", "Microsoft"}
# The name in the file and the field that holds it.
FACTS = {
    "Wer": "actors",
    "Dauer": "duration",
    "Gilt für": "applies_to",
    "Sie brauchen": "needs",
    "Sie erhalten": "gets",
}
