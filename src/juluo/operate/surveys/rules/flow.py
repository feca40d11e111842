"""Which questions somebody sees, given what they have answered so far. `static/surveys/answering.js` does the same in the browser."""

from collections.abc import Set

from ..types import END, NUMERIC, Answers, Condition, Design, Kind, Question


def path(design: Design, answers: Answers) -> list[Question]:
    """The questions and sections on somebody's way, in order. Answers to questions off the way count for nothing."""
    way: list[Question] = []
    seen: set[str] = set()
    ahead = ""
    for question in design.questions:
        if ahead and question.code != ahead:
            continue
        ahead = ""
        if question.show_if and not met(question.show_if, answers, seen):
            continue
        way.append(question)
        seen.add(question.code)
        jump = next((jump for jump in question.jumps if jump.when is None or met(jump.when, answers, seen)), None)
        if jump and jump.to == END:
            break
        ahead = jump.to if jump else ""
    return way


def met(condition: Condition, answers: Answers, seen: Set[str]) -> bool:
    """Whether what was answered meets a condition. What was not seen or not answered meets none."""
    answer = answers.get(condition.question) if condition.question in seen else None
    if answer is None:
        return False
    if isinstance(answer, int | float):
        number = condition.number
        if number is None:
            return False
        return {"at_least": answer >= number, "at_most": answer <= number, "is": answer == number, "not": answer != number}[condition.op]
    if not isinstance(answer, dict):
        return False
    chosen = set(answer["choices"]) if "choices" in answer else set(answer.values())
    is_among = bool(chosen & set(condition.choices))
    return is_among if condition.op == "is" else condition.op == "not" and not is_among


def heading(design: Design) -> dict[str, int]:
    """The numbers that people see before questions; sections have none."""
    asked = [question.code for question in design.questions if question.kind != Kind.SECTION]
    return {code: number for number, code in enumerate(asked, 1)}


def score_of(design: Design, answers: Answers) -> float | None:
    """The number an answer as a whole stands for: its NPS, or else its first scale, or None."""
    for kind in (Kind.NPS, Kind.SCALE):
        for question in design.questions:
            if question.kind == kind and question.code in answers:
                return float(answers[question.code])
    return None


def is_numeric(question: Question) -> bool:
    return question.kind in NUMERIC
