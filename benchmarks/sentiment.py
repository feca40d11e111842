"""How well and how fast moods are read, on public reviews and on chat messages labelled by hand.

`python -m benchmarks.sentiment` prints the table of docs/sentiment.md; libraries that are installed beside the project (snownlp,
vaderSentiment) are measured in the same run. As a benchmark it compares the time to read terms and moods with the time rjieba alone
takes to cut and tag the same messages.

`sentiment_chat.csv` holds labels only: where a message stands in the public data beside the project, and its mood. Part "seen" was
looked at while the lists were written; part "fresh" was drawn and labelled when they were finished, and nothing was changed for it.
"""

import csv
import gzip
import importlib
import io
import json
import lzma
import re
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.frame import Absent, Result, file, installation

GOAL = 4.0
LABELS = Path(__file__).with_name("sentiment_chat.csv")
STATED = {"ChnSentiCorp": 0.80, "waimai_10k": 0.79, "chat zh, fresh": 0.88, "chat en, fresh": 0.97}  # docs/sentiment.md

Labelled = list[tuple[str, int]]
Score = Callable[[str], float]


# -- the data


def reviews(name: str) -> Labelled:
    """(text, 1 or -1) of a file of reviews."""
    with lzma.open(file(f"text_zh/sentiment/{name}.csv.xz"), "rt", encoding="utf-8") as rows:
        return [(row.get("text") or row["review"], 1 if row["label"] == "1" else -1) for row in csv.DictReader(rows)]


def chat() -> dict[tuple[str, str], Labelled]:
    """Labelled chat messages by language and part."""
    with LABELS.open(encoding="utf-8") as rows:
        labels = list(csv.DictReader(rows))
    texts = {source: read({row["id"] for row in labels if row["source"] == source}) for source, read in SOURCES.items()}
    found: dict[tuple[str, str], Labelled] = {}
    for row in labels:
        language = "zh" if row["source"] == "tgspam" else "en"
        found.setdefault((language, row["part"]), []).append((texts[row["source"]][row["id"]], int(row["mood"])))
    return found


def _tgspam(wanted: set[str]) -> dict[str, str]:
    with lzma.open(file("text_zh/spam/tgspam_train.csv.xz"), "rt", encoding="utf-8") as stream:
        sound = io.StringIO("\n".join(stream.read().split("\n")[:18_000]))  # quoting is broken further on
    return {str(number): row[1] for number, row in enumerate(csv.reader(sound)) if str(number) in wanted}


def _lean(wanted: set[str]) -> dict[str, str]:
    from juluo.kit.text import plain

    found = {}
    with gzip.open(file("chat/lean_zulip_2018_2021.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if str(row["id"]) in wanted:
                found[str(row["id"])] = plain(row["content"])
    return found


def _appium(wanted: set[str]) -> dict[str, str]:
    with lzma.open(file("chat/gitter_appium/appium.txt.xz"), "rt", encoding="utf-8", errors="replace") as lines:
        return dict(_said((str(number), line) for number, line in enumerate(lines, 1) if str(number) in wanted))


def _irc(name: str) -> Callable[[set[str]], dict[str, str]]:
    def read(wanted: set[str]) -> dict[str, str]:
        lines = []
        with tarfile.open(file(f"chat/{name}.tar.xz")) as archive:
            for member in archive:
                day = member.name.rpartition("/")[2]
                if member.isfile() and any(one.startswith(day) for one in wanted):
                    text = archive.extractfile(member).read().decode("utf-8", "replace")  # type: ignore[union-attr]
                    lines += [(f"{day}:{number}", line) for number, line in enumerate(text.split("\n"), 1)]
        return {place: text for place, text in _said(lines) if place in wanted}

    return read


def _said(lines: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for place, line in lines:
        if found := re.match(r"\[[\d :-]+\] <[^>]+> (.+)", line):
            yield place, found[1]


SOURCES = {"tgspam": _tgspam, "lean": _lean, "appium": _appium, "raku": _irc("raku"), "raku-beginner": _irc("raku-beginner")}


# -- the readers


def ours() -> Score:
    from juluo.insight.texts.rules import Cutter, bare
    from juluo.insight.texts.rules.moods import weight

    cutter = Cutter()
    return lambda text: weight(cutter.cut(bare(text)))


def our_mood() -> Callable[[str], int]:
    from juluo.insight.texts.rules import Cutter, bare, decided, score

    cutter = Cutter()
    return lambda text: int(decided(score(cutter.cut(bare(text))), text))


def snownlp() -> Score:
    sentiment = importlib.import_module("snownlp.sentiment")
    return lambda text: 2 * sentiment.classify(text) - 1 if text.strip() else 0.0


def vader() -> Score:
    analyser = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda text: analyser.polarity_scores(text)["compound"]


# -- the figures


def polarity(score: Score, rows: Labelled) -> tuple[float, float, float]:
    """Of reviews that are good or bad: how many are told apart (a tie counts half), how many of those decided, how many are decided."""
    scores = [(score(text), label) for text, label in rows]
    decided = [(one, label) for one, label in scores if one]
    right = sum((one > 0) == (label > 0) for one, label in decided)
    return (right + (len(rows) - len(decided)) / 2) / len(rows), right / len(decided), len(decided) / len(rows)


def three(moods: Sequence[int], rows: Labelled) -> dict[str, float]:
    """Accuracy, mean recall of the three moods, and precision and recall of both ends."""
    pairs = [(mood, label) for mood, (_, label) in zip(moods, rows, strict=True)]

    def share(of: list[bool]) -> float:
        return sum(of) / len(of) if of else 0.0

    recall = {end: share([mood == label for mood, label in pairs if label == end]) for end in (-1, 0, 1)}
    precision = {end: share([mood == label for mood, label in pairs if mood == end]) for end in (-1, 1)}
    return {
        "accuracy": share([mood == label for mood, label in pairs]),
        "mean recall": sum(recall.values()) / 3,
        "- precision": precision[-1],
        "- recall": recall[-1],
        "+ precision": precision[1],
        "+ recall": recall[1],
    }


def banded(scores: Sequence[float], band: float) -> list[int]:
    return [(score >= band) - (score <= -band) for score in scores]


def report() -> dict[str, float]:
    """Print everything; the figures that docs/sentiment.md states."""
    found = {}
    peers: dict[str, Score] = {}
    for name, make in (("snownlp", snownlp), ("vaderSentiment", vader)):
        try:
            peers[name] = make()
        except ImportError:
            print(f"({name} is not installed and not compared)")
    chats = chat()

    for name, rows in (("ChnSentiCorp", reviews("ChnSentiCorp_validation")), ("waimai_10k", reviews("waimai_10k"))):
        found[name] = _line(name, "ours", ours(), rows)
        if "snownlp" in peers:
            _line(name, "snownlp", peers["snownlp"], rows)

    for (language, part), rows in sorted(chats.items(), reverse=True):
        name = f"chat {language}, {part}"
        mood = our_mood()
        figures = three([mood(text) for text, _ in rows], rows)
        found[name] = figures["accuracy"]
        print(f"{name:16} ours{'':14} n={len(rows)}  " + "  ".join(f"{what} {value:.3f}" for what, value in figures.items()))
        print(f"{name:16} all neutral{'':7} n={len(rows)}  accuracy {sum(label == 0 for _, label in rows) / len(rows):.3f}")
        peer = {"zh": "snownlp", "en": "vaderSentiment"}[language]
        if peer in peers:
            seen = chats[language, "seen"]
            scores = [peers[peer](text) for text, _ in seen]
            # The band that serves the peer best where it may look, mean recall deciding: accuracy alone would choose "all neutral".
            band = max((0.05, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95), key=lambda one: three(banded(scores, one), seen)["mean recall"])
            figures = three(banded([peers[peer](text) for text, _ in rows], band), rows)
            label = f"{peer} ±{band}"
            print(f"{name:16} {label:18} n={len(rows)}  " + "  ".join(f"{what} {value:.3f}" for what, value in figures.items()))
    return found


def _line(name: str, who: str, score: Score, rows: Labelled) -> float:
    begun = time.process_time()
    told, right, decided = polarity(score, rows)
    speed = len(rows) / (time.process_time() - begun)
    figures = f"told apart {told:.3f}  of those decided {right:.3f}  decided {decided:.3f}  {speed:,.0f} a second"
    print(f"{name:16} {who:18} n={len(rows)}  {figures}")
    return told


def bench() -> Result:
    try:
        found = report()
    except FileNotFoundError as missing:
        raise Absent(str(missing)) from missing
    texts = [text for text, _ in reviews("waimai_10k")]
    us, them = _compared(texts)

    lines = [f"rjieba alone: {len(texts) / them:,.0f} messages a second", f"terms and moods: {len(texts) / us:,.0f} messages a second"]
    lines += [f"{name}: {value:.3f}, stated at least {STATED[name]}" for name, value in found.items() if name in STATED]
    return Result(us / them, GOAL, lines=lines, also=all(found[name] >= least for name, least in STATED.items()))


def _compared(texts: list[str]) -> tuple[float, float]:
    """Seconds to read the texts, and to cut and tag them with rjieba and nothing else."""
    import rjieba

    with installation():
        from juluo.insight.texts.queries import reader_for

        reader, jieba = reader_for(0), rjieba.Jieba()
        reader.read(texts[:10])
        jieba.tag(texts[0])
        return (
            min(_seconds(lambda: reader.read(texts)) for _ in range(3)),
            min(_seconds(lambda: [jieba.tag(text) for text in texts]) for _ in range(3)),
        )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    report()
