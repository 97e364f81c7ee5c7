"""How content is changed: the one door (`writing`), and the ways through it that editors know by name."""
