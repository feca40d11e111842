"""The figures of a weekly report as bare DuckDB queries, written by hand for the Parquet files of one community.

One query for what one reading of the files can tell. They are what somebody who knows DuckDB would write who needs these figures, of
this community, this once: everybody is in the register, nobody has two accounts, nobody leaves one group without the others. The small
arithmetic after them (shares of totals, Gini, running sums) is left out.
"""

import datetime as dt

ACTS = (
    "'message.created', 'reaction.added', 'checkin', 'link.clicked', 'page.viewed', 'order.paid', 'survey.answered', "
    "'activity.registered', 'activity.attended'"
)
NO_SIGN = "'touch.sent', 'touch.failed', 'touch.opened', 'points.moved', 'channel.created', 'channel.renamed'"
WEEKS = 17  # the reported week and the sixteen that its trend and its "usual" reach back to


def views(files: dict[str, list[str]]) -> list[str]:
    """What makes the tables `events`, `daily`, `texts` and `people` out of their files."""
    return [f"CREATE VIEW {name} AS FROM read_parquet({paths})" for name, paths in files.items()]


def queries(monday: dt.date) -> dict[str, str]:
    """The queries for the week that begins on `monday`, by what they find."""

    def day(days: int) -> str:
        return f"DATE '{monday + dt.timedelta(days=days)}'"

    week = "datediff('day', DATE '1970-01-05', day) // 7"
    middle, stop, before, first = day(0), day(7), day(-7), day(-7 * (WEEKS - 1))
    month = day(-21)
    people = "JOIN people ON actor = identity AND people.kind = 'person'"
    side = f"day >= {middle}"

    def daily(kinds: str, since: str, until: str = stop) -> str:
        return f"FROM (FROM daily WHERE daily.kind IN ({kinds}) AND day >= {since} AND day < {until}) d {people}"

    def speaking(bucket: str, since: str) -> str:
        return f"""
            WITH m AS (
                SELECT {bucket} AS b, member,
                    sum(n) FILTER (d.kind = 'message.created') AS messages, sum(replies) FILTER (d.kind = 'message.created') AS replies,
                    sum(n) FILTER (d.kind = 'reaction.added') AS reactions,
                    count(*) FILTER (d.kind NOT IN ('member.joined', 'member.left')) AS acts,
                    sum(n) FILTER (d.kind = 'member.joined') AS joins, sum(n) FILTER (d.kind = 'member.left') AS leaves
                {daily(f"{ACTS}, 'member.joined', 'member.left'", since)} GROUP BY ALL)
            SELECT b, sum(messages) AS messages, count(*) FILTER (messages > 0) AS speakers, sum(replies) AS replies,
                sum(reactions) AS reactions, count(*) FILTER (acts > 0) AS active, sum(joins) AS joins, sum(leaves) AS leaves
            FROM m GROUP BY b"""

    # Who is in on which day: in as long as they are in one of the groups. Before the first leaving only the first sign in a group matters.
    signs = f"SELECT member, channel, d.kind, day, first_at, last_at FROM (FROM daily WHERE daily.kind NOT IN ({NO_SIGN})) d {people}"
    entries = f"""
        SELECT member, min(first_at) FILTER (s.kind = 'member.left') AS gone_at, min(first_at) FILTER (s.kind <> 'member.left') AS here_at,
            if(here_at <= coalesce(gone_at, 'infinity'), min(day), DATE '1970-01-01') AS entered FROM ({signs}) s GROUP BY member"""

    def membership(bucket: str, since: str) -> str:
        bucket = f"if(day < {since}, NULL, {bucket})"
        return f"""
            WITH signs AS MATERIALIZED ({signs}),
            leavers AS (SELECT member, min(first_at) AS gone_at FROM signs WHERE kind = 'member.left' GROUP BY member),
            theirs AS MATERIALIZED (SELECT * FROM signs JOIN leavers USING (member)),
            moves AS (
                SELECT member, channel, min(day) AS day, min(first_at) AS "at", true AS is_in
                FROM theirs WHERE kind <> 'member.left' GROUP BY ALL
                UNION ALL
                SELECT member, channel, day, unnest([first_at, last_at]), kind <> 'member.left' FROM theirs WHERE last_at >= gone_at),
            places AS (
                SELECT *, is_in::INT - coalesce(lag(is_in) OVER w, false)::INT AS step
                FROM moves WINDOW w AS (PARTITION BY member, channel ORDER BY moves."at", is_in DESC)),
            inside AS (
                SELECT *, sum(step) OVER (PARTITION BY member ORDER BY places."at", step DESC ROWS UNBOUNDED PRECEDING) AS many
                FROM places WHERE step <> 0),
            turns AS (
                SELECT *, many > 0 AS is_here, coalesce(lag(many > 0) OVER w, false) AS was_here
                FROM inside WINDOW w AS (PARTITION BY member ORDER BY inside."at", step DESC)),
            steps AS (
                SELECT {bucket} AS b, member, arg_min(is_here, turns."at") AS came, NOT arg_max(is_here, turns."at") AS gone
                FROM turns WHERE is_here <> was_here AND day < {stop} GROUP BY ALL),
            entered AS (SELECT member, min(day) AS day FROM signs GROUP BY member),
            counted AS (
                SELECT {bucket} AS b, count(*) FILTER (l.member IS NULL) AS came, 0 AS gone, count(*) AS new
                FROM entered e LEFT JOIN leavers l USING (member) WHERE day < {stop} GROUP BY ALL
                UNION ALL
                SELECT b, count(*) FILTER (came), count(*) FILTER (gone), 0 FROM steps GROUP BY ALL)
            SELECT b, sum(came) AS came, sum(gone) AS gone, sum(new) AS new FROM counted GROUP BY b"""

    def questions(since: str) -> str:
        """`asked`: every question, with `seconds` until its answer."""
        until = day(7 + 8)
        return f"""
            WITH said AS MATERIALIZED (
                SELECT id, "at", day, hour, channel, member, reply_to, is_question, coalesce(thread, channel) AS place,
                    thread IS NOT NULL AS in_thread, people.kind = 'person' AS counts
                FROM events JOIN people ON actor = identity AND people.kind IN ('person', 'staff')
                WHERE events.kind = 'message.created' AND day >= {since} AND day < {until}),
            turns AS (
                SELECT *, lead(member) OVER w AS next_member, lead("at") OVER w AS next_at FROM said
                WINDOW w AS (PARTITION BY place ORDER BY "at", id)),
            waits AS (
                SELECT *, min(if(next_member <> member, next_at, NULL)) OVER (
                    PARTITION BY place ORDER BY "at", id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS other_at FROM turns),
            near AS (
                SELECT id, "at", day, hour, channel, member, date_diff('second', "at", other_at) AS wait,
                    if(wait <= if(in_thread, 604800, 1800), wait, NULL) AS nearby
                FROM waits WHERE is_question AND counts AND day < {stop}),
            direct AS (
                SELECT near.id, date_diff('second', min(near."at"), min(said."at")) AS direct
                FROM near JOIN said ON said.reply_to = near.id AND said.member <> near.member AND said."at" >= near."at" GROUP BY near.id),
            asked AS (
                SELECT near.*, least(nearby, if(direct <= 604800, direct, NULL)) AS seconds FROM near LEFT JOIN direct USING (id))"""

    def answers(bucket: str, since: str) -> str:
        return f"""{questions(since)}
            SELECT {bucket} AS b, count(*) AS asked, count(seconds) AS answered,
                quantile_cont(seconds / 60, 0.5) AS minutes, quantile_cont(seconds / 60, 0.9) AS p90 FROM asked GROUP BY b"""

    def heat(since: str) -> str:
        return f"""
            WITH m AS (
                SELECT {side if since == before else "true"} AS now, isodow(day) AS weekday, hour, member, count(*) AS n
                FROM (FROM events WHERE events.kind = 'message.created' AND day >= {since} AND day < {stop}) e {people} GROUP BY ALL)
            SELECT now, weekday, hour, sum(n) AS messages, count(*) AS speakers FROM m GROUP BY ALL"""

    readings = f"FROM (FROM texts WHERE day >= {{since}} AND day < {stop}) t {people}"

    return {
        "totals": "SELECT kind, source, sum(n) AS n, sum(replies) AS replies, min(day), max(day) FROM daily GROUP BY ALL",
        # -- figures by week, and by day over four weeks
        "speaking": speaking(week, first),
        "speaking by day": speaking("day", month),
        "trailing": f"""
            WITH active AS (SELECT DISTINCT member, day {daily(ACTS, day(-7 * (WEEKS - 1) - 29))}),
            gaps AS (SELECT day, least(datediff('day', day, lead(day) OVER (PARTITION BY member ORDER BY day)), 30) AS gap FROM active)
            SELECT day, gap, count(*) AS n FROM gaps GROUP BY ALL""",
        "membership": membership(week, first),
        "membership by day": membership("day", month),
        "answers": answers(week, first),
        "answers by day": answers("day", month),
        "first words": f"""
            WITH arrived AS (
                SELECT member, min(day) AS entered, min(first_at) FILTER (s.kind = 'member.joined') AS joined_at,
                    min(first_at) FILTER (s.kind = 'message.created') AS spoke_at
                FROM ({signs}) s GROUP BY member HAVING joined_at <= min(first_at)),
            due AS (
                SELECT days, entered + days AS day, date_diff('second', joined_at, spoke_at) <= days * 86400 AS spoke
                FROM arrived, (VALUES (1), (7)) v(days))
            SELECT days, {week} AS b, count(*) AS came, count(*) FILTER (spoke) AS spoke
            FROM due WHERE day >= {first} AND day < {stop} GROUP BY ALL""",
        "newcomers' part": f"""
            WITH entries AS ({entries})
            SELECT {week} AS b, sum(n) FILTER (entered > DATE '1970-01-01' AND day - entered < 30) AS fresh, sum(n) AS messages
            {daily("'message.created'", first)} JOIN entries USING (member) GROUP BY b""",
        "lifecycle": f"""
            WITH active AS (SELECT DISTINCT member, {week} AS b {daily(ACTS, day(-7 * WEEKS))}),
            around AS (SELECT *, lag(b) OVER w AS last, lead(b) OVER w AS next FROM active WINDOW w AS (PARTITION BY member ORDER BY b)),
            entries AS (SELECT member, entered AS day FROM ({entries})),
            stages AS (
                SELECT b, if(last = b - 1, 'returning', if({week} = b, 'new', 'resurrected')) AS stage
                FROM around JOIN entries USING (member)
                UNION ALL SELECT b + 1, 'dormant' FROM around WHERE next IS DISTINCT FROM b + 1)
            SELECT b, stage, count(*) AS n FROM stages GROUP BY ALL""",
        "spread": f"""
            WITH m AS (SELECT {week} AS b, member, sum(n) AS much {daily("'message.created'", first)} GROUP BY ALL)
            SELECT b, much, count(*) AS many FROM m GROUP BY ALL""",
        "moods": f"""
            SELECT {week} AS b, count(*) AS read, count(*) FILTER (mood > 0) AS positive, count(*) FILTER (mood < 0) AS negative
            {readings.format(since=first)} GROUP BY b""",
        "shared topics": f"""
            WITH said AS (SELECT member, {week} AS b, unnest(list_distinct(terms)) AS term {readings.format(since=first)}),
            terms AS (SELECT b, term, count(DISTINCT member) AS people FROM said GROUP BY ALL)
            SELECT b, count(*) FILTER (people >= 3) AS shared FROM terms GROUP BY b""",
        # -- what the sections tell
        "members who changed": f"""
            WITH m AS (
                SELECT member, coalesce(sum(n) FILTER (NOT {side}), 0) AS earlier, coalesce(sum(n) FILTER ({side}), 0) AS later
                {daily("'message.created'", before)} GROUP BY member HAVING earlier <> later)
            SELECT *, count(*) OVER () AS many FROM m ORDER BY abs(later - earlier) DESC, member LIMIT 60""",
        "channels": f"""
            WITH m AS (
                SELECT {side} AS now, channel, member, sum(n) AS messages, sum(replies) AS replies, sum(questions) AS questions
                {daily("'message.created'", before)} GROUP BY ALL)
            SELECT now, channel, sum(messages) AS messages, count(*) AS speakers, sum(replies) AS replies, sum(questions) AS questions
            FROM m GROUP BY ALL""",
        "hours": heat(before),
        "hours of four weeks": heat(month),
        "joins and leaves": f"""
            SELECT d.kind, channel, day, sum(n) AS n {daily("'member.joined', 'member.left'", before)} GROUP BY ALL""",
        "answers by channel": f"""{questions(before)}
            SELECT {side} AS now, channel, hour, count(*) AS asked, count(seconds) AS answered, count(*) FILTER (seconds <= 3600) AS prompt
            FROM asked GROUP BY ALL""",
        "unanswered": f"""{questions(before)}
            SELECT asked.id, asked."at", asked.channel, member, count(*) OVER () AS many
            FROM asked WHERE seconds IS NULL AND {side} ORDER BY "at", id LIMIT 1000""",
        "their texts": f"""
            SELECT id, text FROM events WHERE day >= {before} AND day < {stop} AND id IN $ids""",
        "topics": f"""
            WITH said AS (SELECT member, {side} AS now, unnest(list_distinct(terms)) AS term {readings.format(since=before)}),
            m AS (SELECT term, member, count(*) FILTER (now) AS now, count(*) FILTER (NOT now) AS earlier FROM said GROUP BY ALL)
            SELECT term, sum(now) AS messages, count(*) FILTER (now > 0) AS people, sum(earlier) AS messages_before,
                count(*) FILTER (earlier > 0) AS people_before
            FROM m GROUP BY term HAVING messages > 0 ORDER BY people DESC, messages DESC, term LIMIT 1000""",
        "loudest members": f"""
            SELECT member, sum(n) FILTER ({side} AND d.kind = 'message.created') AS messages,
                count(DISTINCT day) FILTER ({side}) AS active_days,
                sum(replies) FILTER ({side} AND d.kind = 'message.created') AS replies,
                sum(questions) FILTER ({side} AND d.kind = 'message.created') AS questions,
                sum(n) FILTER ({side} AND d.kind = 'reaction.added') AS reactions,
                sum(n) FILTER (NOT {side} AND d.kind = 'message.created') AS messages_before
            {daily(ACTS, before)} GROUP BY member
            ORDER BY coalesce(messages, 0) DESC, coalesce(messages_before, 0) DESC, member LIMIT 500""",
        "who talks with whom": f"""
            WITH said AS MATERIALIZED (
                SELECT id, "at", day, member, reply_to, coalesce(thread, channel) AS place, thread IS NOT NULL AS in_thread
                FROM (FROM events WHERE events.kind = 'message.created' AND day >= {before} AND day < {stop}) e {people}),
            turns AS (
                SELECT *, lag(member) OVER w AS other, lag("at") OVER w AS other_at
                FROM said WHERE {side} WINDOW w AS (PARTITION BY place ORDER BY "at", id)),
            edges AS (
                SELECT member, other FROM turns
                WHERE reply_to IS NULL AND member <> other AND date_diff('second', other_at, "at") <= if(in_thread, 604800, 1800)
                UNION ALL
                SELECT said.member, answered.member
                FROM said JOIN said answered ON said.reply_to = answered.id AND said.member <> answered.member
                WHERE said.day >= {middle})
            SELECT member, other, count(*) AS times FROM edges GROUP BY ALL ORDER BY times DESC, member, other LIMIT 1000""",
        "newcomers": f"""
            WITH came AS (SELECT * FROM ({entries}) WHERE entered >= {before} AND entered < {stop}),
            did AS (
                SELECT member, sum(n) FILTER (d.kind = 'message.created') AS messages,
                    min(day) FILTER (d.kind = 'message.created') AS spoke_on,
                    sum(n) FILTER ({side}) AS now {daily(ACTS, before)} GROUP BY member)
            FROM came LEFT JOIN did USING (member)""",
        "silent": f"""
            WITH m AS (
                SELECT member, count(DISTINCT {week}) FILTER (NOT {side}) AS weeks,
                    sum(n) FILTER (NOT {side} AND d.kind = 'message.created') AS messages,
                    count(DISTINCT day) AS days, max(day) AS last_on
                {daily(ACTS, day(-28))} GROUP BY member HAVING NOT bool_or({side}) AND weeks >= 3)
            SELECT *, count(*) OVER () AS many FROM m ORDER BY coalesce(messages, 0) DESC, days DESC, member LIMIT 200""",
        "channels by week": f"""
            WITH m AS (SELECT channel, {week} AS b, member, sum(n) AS n {daily("'message.created'", day(-56))} GROUP BY ALL)
            SELECT channel, b, sum(n) AS messages, count(*) AS speakers FROM m GROUP BY ALL""",
        "moods by channel": f"""
            SELECT {side} AS now, channel, count(*) AS read, count(*) FILTER (mood > 0) AS positive, count(*) FILTER (mood < 0) AS negative
            {readings.format(since=before)} GROUP BY ALL""",
        "sore points": f"""
            WITH said AS (SELECT member, unnest(list_distinct(terms)) AS term {readings.format(since=middle)} WHERE mood < 0)
            SELECT term, count(DISTINCT member) AS people, count(*) AS messages FROM said GROUP BY term
            ORDER BY people DESC, messages DESC, term LIMIT 20""",
        "who was left out": f"""
            SELECT people.kind, sum(n) AS n, count(DISTINCT actor) AS many FROM daily JOIN people ON actor = identity
            WHERE daily.kind = 'message.created' AND day >= {middle} AND day < {stop} GROUP BY people.kind""",
        "days with anything": f"SELECT DISTINCT day FROM daily WHERE day >= {middle} AND day < {stop}",
    }
