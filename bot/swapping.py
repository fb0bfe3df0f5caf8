"""Puts something new into a question: "and my neck?" into "Does it help back pain?"."""

from __future__ import annotations

import re

from bot.follow_up_rules import Category, Rules


def swap(addition: str, question: str, rules: Rules) -> str:
    """The question with the addition in the place of what it had of the same category, else at its end."""
    addition = rules["tails"].sub("", bare(addition))
    if rules["shorthand"].fullmatch(addition):
        addition = rules["shorthand"].sub(rules.shorthand, addition)
    found = {name: match[0] for name, category in rules.categories.items() if (match := _named(category, addition))}
    slots = {name: slot for name in found if (slot := _slot(rules.categories[name], addition, question, rules))}
    if not slots:
        return _appended(addition, question, next((rules.categories[name] for name in found), None), rules)
    for name, slot in sorted(slots.items(), key=lambda item: -item[1].start()):
        new = addition if len(slots) == 1 else found[name]
        question = question[: slot.start()] + _fitted(new, slot, rules) + question[slot.end() :]
    return capital(f"{bare(question)}?")


def bare(text: str) -> str:
    """A sentence without its closing marks."""
    return text.rstrip(" ?!.,;:")


def capital(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


def _named(category: Category, addition: str) -> re.Match[str] | None:
    return category.alone.fullmatch(addition) or category.name.search(addition)


def _slot(category: Category, addition: str, question: str, rules: Rules) -> re.Match[str] | None:
    """Where the question names something of the category, or of a kindred one: the longer name of the two."""
    own = category.slot.search(question)
    for name in category.also:
        slot = rules.categories[name].slot.search(question)
        if slot and own and slot.start() <= own.start() < own.end() <= slot.end():
            return slot
        if slot and not own and not _adds_up(slot, addition, rules):
            return slot
    return own


def _adds_up(slot: re.Match[str], addition: str, rules: Rules) -> bool:
    """Links of two sorts add up ("safe on the neck", "with psoriasis"); one link twice, or two clauses, do not."""
    link = rules["links"].match(addition)
    if not slot["link"] or not link:
        return False
    if slot["link"].lower().split()[0] == link[0].lower().strip():
        return False
    return not (rules["clause_links"].match(slot["link"]) and rules["clause_links"].match(addition))


def _fitted(new: str, slot: re.Match[str], rules: Rules) -> str:
    """`new` with the link that the old words had, unless it brings its own; "neck" after "back pain" is its pain."""
    link = rules["links"].match(new)
    if link and link.end() == len(new):
        return new
    if link and not slot["link"]:
        new = f"{slot[0]} {new}" if rules["clause_links"].match(new) else new[link.end() :]
    elif slot["link"] and not link:
        new = f"{slot['link']} {new}"
    carried = rules["carried"].search(slot["name"])
    if not carried or not rules.categories["body"].alone.fullmatch(new):
        return new
    return re.sub("s$", "", new) + carried[0]


def _appended(addition: str, question: str, category: Category | None, rules: Rules) -> str:
    if not rules["asks"].match(question):
        return f"{bare(question)}. What about {addition}?"
    who, article = rules["asks_who"].match(question), rules["articles"].match(addition)
    if who and category and (category is rules.categories["person"] or (article and article[0])):
        return f"{capital(who[1])} {addition}{bare(question[who.end() :])}?"
    link = rules["links"].match(addition)
    if link:
        kept = bare(question) if category else _without_last(link[0].strip(), bare(question))
        return f"{kept} {addition}?"
    if category and category.link:
        return f"{bare(question)} {category.link} {addition}?"
    return f"{bare(question)}, and what about {addition}?"


def _without_last(link: str, question: str) -> str:
    """The question without a closing phrase that begins with the link: "in Rome" gives way to "in Ghana"."""
    return re.sub(rf" {re.escape(link)}(?: \S+){{1,3}}$", "", question, flags=re.IGNORECASE)
