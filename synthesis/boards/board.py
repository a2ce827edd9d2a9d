"""What all boards share: the current item, what a key does to it, and undo.

A board is a state and the messages that change it. It is independent of the browser: `widget`
shows it there, and the tests send it messages directly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot import display
from arrowroot.text import counted
from synthesis.boards.answers import Answers, now
from synthesis.boards.choices import Answer, Group
from synthesis.boards.reading import Reading

if TYPE_CHECKING:
    from synthesis.boards.widget import BoardWidget

LONGEST_NOTE = 10_000
"""The most characters that a note may have."""

LISTED = 200
"""The most items that the list shows at once."""

LONGEST_SEARCH = 200
"""The most characters that the list is searched for."""

CONFIDENCES = ("", "1", "2", "3")


class Board(display.Shown):
    """One item at a time, decided by key, saved after every decision.

    A subclass defines how an item is shown (`_reading`) and which choices it refuses.

    Parameters
    ----------
    keys : sequence of str
        The items, each once.
    groups : sequence of Group
        What can be chosen for each.
    answers : Answers
        What was decided, and the file in which it is kept.
    """

    _noun: tuple[str, str] = ("item", "items")
    _decides: bool = True
    """Whether one choice is the whole decision, so that the next item is shown after it."""
    _asks_confidence: bool = False
    _labels: bool = False
    """Whether items can be given labels."""

    def __init__(
        self,
        keys: Sequence[str],
        groups: Sequence[Group],
        answers: Answers,
    ) -> None:
        self._keys = list(keys)
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._groups = {group.id: group for group in groups}
        self._answers = answers
        self._counted = (-1, 0)
        self._at = self._next_open(-1) or 0
        self._before: list[tuple[str, Answer, str]] = []
        """What undo restores: the item, its answer, and the kind of change."""
        self._told = "; ".join(answers.remarks)
        self._widget: BoardWidget | None = None
        self._wanted = ("", "all")
        """What the list is searched for, and which items it shows."""
        self._listing = False

    @property
    def path(self) -> Path:
        """The file in which the decisions are kept."""
        return self._answers.path

    def receive(self, message: Mapping[str, Any]) -> None:
        """Carry out what a key or a click in the browser asks for.

        A message about an item other than the one shown was sent before the browser had moved on:
        only notes are then still accepted, since they name the item they are about.

        Parameters
        ----------
        message : mapping
            ``do`` names the action: ``choose`` (with ``group`` and ``choice``), ``note``
            (``text``), ``confidence`` (``value``: ``1`` to ``3``, removed by the same key again,
            or ``next``), ``go`` (``to``: ``next``, ``previous``, ``open`` or a number from 1),
            ``undo``, ``save``, ``labels`` (``text``: labels separated by commas), ``list``
            (``text`` to search for and ``which`` to show). ``item`` is what the browser was
            showing.
        """
        actions: dict[object, Callable[[Mapping[str, Any]], None]] = {
            "choose": self._choose,
            "confidence": self._be_confident,
            "go": self._go,
        }
        self._told = ""
        match message.get("do"):
            case "note":
                self._note(message)
            case "undo":
                self._undo()
            case "save":
                self._answers.save_again()
            case "list":
                self._list(message)
            case "labels" if self._labels:
                self._label(message)
            case what if what in actions and self._keys and message.get("item") == self._item:
                actions[what](message)

    def setup(self) -> dict[str, Any]:
        """Return what the browser needs once."""
        return {
            "title": self._title(),
            "nouns": list(self._noun),
            "file": self.path.name,
            "groups": [asdict(group) for group in self._groups.values()],
            "asks_confidence": self._asks_confidence,
            "decides": self._decides,
            "longest_note": LONGEST_NOTE,
            "labels": self._labels,
            "criteria": list(self._criteria()),
        }

    def state(self) -> dict[str, Any]:
        """Return what the browser shows now: only the current item."""
        answer = self._answers[self._item]
        return {
            "item": self._item,
            "at": self._at + 1 if self._keys else 0,
            "of": len(self._keys),
            "open": self._open,
            "reading": asdict(self._reading(self._item)) if self._keys else asdict(Reading()),
            "chosen": {group: answer.chosen(group) for group in self._groups},
            "offered": self._offered(self._item) if self._keys else None,
            "confidence": answer.confidence,
            "note": answer.note,
            "saved": self._answers.saved,
            "unsaved": self._answers.unsaved,
            "held": self._not_saved(),
            "kept": self._kept(),
            "trouble": self._answers.trouble,
            "told": self._told,
            "can_undo": bool(self._before),
            "labels": "; ".join(answer.labels),
            "team": self._team(),
            "list": self._listed() if self._listing else None,
        }

    def _order(self) -> str:
        """Return in which order items are shown, for the file; empty if there is but one."""
        return ""

    def _criteria(self) -> Sequence[str]:
        """Return what decides, to be kept in view."""
        return ()

    def _team(self) -> str:
        """Return how far others have come; never what they decided."""
        return ""

    def _words(self, key: str) -> str:
        """Return the text in which the list searches."""
        fields = self._reading(key).fields
        texts = [text for one in fields for cell in one.cells for text, _ in cell]
        return " ".join([key, *texts, self._answers[key].note]).casefold()

    def _name(self, key: str) -> str:
        """Return what the list calls an item."""
        for one in self._reading(key).fields:
            if one.kind == "title":
                return "".join(text for text, _ in one.cells[0])
        return " and ".join(self._reading(key).heads)

    def _list(self, message: Mapping[str, Any]) -> None:
        text, which = message.get("text"), message.get("which")
        self._listing = bool(message.get("open", True))
        if isinstance(text, str) and isinstance(which, str):
            self._wanted = (text[:LONGEST_SEARCH], which)

    def _listed(self) -> dict[str, Any]:
        """Return the items that fit what is wanted, at most `LISTED` of them, and the filters."""
        text, which = self._wanted
        words = text.casefold().split()
        choices = [one for group in self._groups.values() for one in group.choices]
        labels = sorted({one for key in self._keys for one in self._answers[key].labels})
        fitting = [
            key
            for key in self._keys
            if self._fits(key, which) and (not words or self._holds(key, words))
        ]
        named = {choice.id: choice.label for choice in choices}
        rows = []
        for key in fitting[:LISTED]:
            answer = self._answers[key]
            said = [named.get(mark.choice, mark.choice) for mark in answer.marks]
            rows.append(
                {
                    "at": self._places[key] + 1,
                    "name": self._name(key),
                    "said": ", ".join([*said, *answer.labels]),
                }
            )
        return {
            "rows": rows,
            "of": len(fitting),
            "text": text,
            "which": which,
            "filters": [
                ["all", "all"],
                ["open", "left open"],
                ["noted", "with a note"],
                *([f"choice {choice.id}", choice.label] for choice in choices),
                *([f"label {label}", f"label: {label}"] for label in labels),
            ],
        }

    def _fits(self, key: str, which: str) -> bool:
        answer = self._answers[key]
        kind, _, name = which.partition(" ")
        match kind:
            case "open":
                return not self._is_done(key)
            case "noted":
                return bool(answer.note)
            case "choice":
                return any(mark.choice == name for mark in answer.marks)
            case "label":
                return name in answer.labels
        return True

    def _holds(self, key: str, words: Sequence[str]) -> bool:
        text = self._words(key)
        return all(word in text for word in words)

    def _label(self, message: Mapping[str, Any]) -> None:
        key, text = message.get("item"), message.get("text")
        if key not in self._places or not isinstance(text, str):
            return
        parts = (_clean(part) for part in re.split(r"[,;\n]", text[:LONGEST_NOTE]))
        labels = tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part))
        answer = self._answers[key]
        if labels != answer.labels:
            self._change(key, replace(answer, labels=labels, time=answer.time or now()), "labels")

    def _not_saved(self) -> list[str]:
        """Return in words what could not be saved, so that it can be decided again."""
        return [self._in_words(key) for key in self._answers.held]

    def _in_words(self, key: str) -> str:
        answer = self._answers[key]
        words = [
            choice.label
            for group in self._groups.values()
            for choice in group.choices
            if choice.id in answer.chosen(group.id)
        ]
        words += [f"confidence {answer.confidence}"] if answer.confidence else []
        words += [f"note: {answer.note}"] if answer.note else []
        return f"{' and '.join(self._reading(key).heads)}: {', '.join(words) or 'nothing'}"

    def _kept(self) -> str:
        """Return in words how many decisions are in which file."""
        kept = self._answers.kept
        about = f"{counted(kept, *self._noun)} {'is' if kept == 1 else 'are'} decided in"
        unsaved = sum(map(self._is_done, self._answers.held))
        return f"{about} {self.path.name}, {self._open + unsaved} of {len(self._keys)} left open"

    def _reading(self, key: str) -> Reading:
        raise NotImplementedError

    def _offered(self, key: str) -> list[str] | None:  # noqa: ARG002  (for subclasses)
        """Return the choices that an item has, where not every item has all of them."""
        return None

    def _refusal(self, group: Group, choice: str) -> str:  # noqa: ARG002  (for subclasses)
        """Return why a choice cannot be made, or an empty text."""
        return ""

    @property
    def _item(self) -> str:
        return self._keys[self._at] if self._keys else ""

    @property
    def _open(self) -> int:
        # Asked for several times per key press; with 20,000 records each count takes a while.
        changes, counted_then = self._counted
        if changes != self._answers.changes:
            counted_then = sum(not self._is_done(key) for key in self._keys)
            self._counted = self._answers.changes, counted_then
        return counted_then

    def _is_done(self, key: str) -> bool:
        return all(self._answers[key].chosen(group) for group in self._groups)

    def _next_open(self, place: int) -> int | None:
        """Return the position of the next open item after a position, wrapping round at the end."""
        order = [*range(place + 1, len(self._keys)), *range(place + 1)]
        return next((at for at in order if not self._is_done(self._keys[at])), None)

    def _choose(self, message: Mapping[str, Any]) -> None:
        group = self._groups.get(message.get("group", ""))
        choice = message.get("choice", "")
        if group is None or choice not in [one.id for one in group.choices]:
            return
        if refusal := self._refusal(group, choice):
            self._told = refusal
            return
        answer = self._answers[self._item]
        if choice not in answer.chosen(group.id):
            chosen = replace(answer.with_choice(group, choice, now()), order=self._order())
            self._change(self._item, chosen, "choice")
        elif not self._decides:
            self._change(self._item, answer.without_choice(group, choice, now()), "choice")
        if self._decides and not self._answers.trouble:
            following = self._next_open(self._at)
            self._at = self._at if following is None else following

    def _be_confident(self, message: Mapping[str, Any]) -> None:
        answer = self._answers[self._item]
        value = message.get("value")
        if value == "next":
            value = CONFIDENCES[(CONFIDENCES.index(answer.confidence) + 1) % len(CONFIDENCES)]
        elif value == answer.confidence:
            value = ""
        if value in CONFIDENCES:
            self._change(self._item, replace(answer, confidence=value, time=now()), "confidence")

    def _note(self, message: Mapping[str, Any]) -> None:
        key, text = message.get("item"), message.get("text")
        if key not in self._places or not isinstance(text, str):
            return
        note = _clean(text)
        answer = self._answers[key]
        if len(note) > LONGEST_NOTE:
            self._told = (
                f"A note can have at most {LONGEST_NOTE:,} characters; this one was not saved."
            )
        elif note != answer.note:
            self._change(key, replace(answer, note=note, time=now()), "note")

    def _go(self, message: Mapping[str, Any]) -> None:
        last = len(self._keys) - 1
        match message.get("to"):
            case "next":
                self._at = min(self._at + 1, last)
            case "previous":
                self._at = max(self._at - 1, 0)
            case "open":
                found = self._next_open(self._at)
                self._told = "Nothing is left open." if found is None else ""
                self._at = self._at if found is None else found
            case int(number) if 1 <= number <= len(self._keys):
                self._at = number - 1
            case _:
                self._told = f"There are {counted(len(self._keys), *self._noun)}."

    def _change(self, key: str, answer: Answer, how: str) -> None:
        before = self._answers[key]
        # A note is saved while it is being typed; undo removes it as a whole.
        if not (how == "note" and self._before and self._before[-1][::2] == (key, "note")):
            self._before.append((key, before, how))
        self._answers.put(key, answer)

    def _undo(self) -> None:
        if not self._before:
            self._told = "There is nothing to undo."
            return
        key, answer, _ = self._before.pop()
        self._answers.put(key, answer)
        self._at = self._places[key]
        self._told = "Undone."

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = [
            ("In all", counted(len(self._keys), *self._noun)),
            ("Left open", counted(self._open, *self._noun)),
            ("Kept in", self.path.name),
            ("Decided there", counted(self._answers.kept, *self._noun)),
        ]
        if held := self._not_saved():
            facts.append(("Not saved", "; ".join(held)))
        if self._answers.elsewhere:
            others = counted(len(self._answers.elsewhere), "row")
            facts.append(("About others, kept", others))
        return facts

    def _notes(self) -> Sequence[str]:
        trouble = self._answers.trouble
        return (*self._answers.remarks, *([trouble] if trouble else []))

    def _ipython_display_(self) -> None:
        """Show the board itself in JupyterLab; other pages show what stands in for it."""
        from synthesis.boards.widget import BoardWidget

        if self._widget is None:
            self._widget = BoardWidget(self)
        self._widget.show()

    def stand_in(self) -> str:
        """Return where the board stands, as HTML for a page on which no keys can be pressed."""
        told = f"In JupyterLab this is a board: one {self._noun[0]} at a time, decided with keys. "
        told += "Run this cell to go on."
        if self._keys:
            told += f" This is where you were, {self._at + 1} of {len(self._keys)}:"
        shown = self._reading(self._item).to_html() if self._keys else ""
        return f"{super()._repr_html_()}<p>{told}</p>{shown}"

    def _repr_html_(self) -> str:
        return self.stand_in()


def _clean(text: str) -> str:
    """Return a text that can be stored as UTF-8: no zero bytes, no lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
