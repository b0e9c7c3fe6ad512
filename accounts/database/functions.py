"""Functions the database itself needs for its guards."""

# Luhn over 80840 and the number: every second digit from the right, beginning with the last but
# one, is doubled. The CASE keeps non-digits away from the cast.
NPI_IS_VALID = """
CREATE FUNCTION npi_is_valid(npi text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN npi ~ '^[0-9]{10}$' THEN (
        SELECT sum(CASE
            WHEN place % 2 = 1 THEN digit::int
            WHEN digit::int < 5 THEN digit::int * 2
            ELSE digit::int * 2 - 9
        END) % 10 = 0
        FROM unnest(string_to_array(reverse('80840' || npi), NULL)) WITH ORDINALITY
            AS digits(digit, place)
    ) ELSE false END
$$
"""
DROP_NPI_IS_VALID = "DROP FUNCTION npi_is_valid(text)"

# Crossed dates are an empty span here: that they are crossed is told by a guard of its own.
DAY_SPAN = """
CREATE FUNCTION day_span(first date, last date) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN last < first THEN 'empty'::daterange ELSE daterange(first, last, '[]') END
$$
"""
DROP_DAY_SPAN = "DROP FUNCTION day_span(date, date)"

# Names as people type them: without accents, apostrophes and capitals; each name also in one piece.
# One function over built-in ones only: an index is made anew without this schema on its path.
WORDS_TO_SEARCH = """
CREATE FUNCTION words_to_search(VARIADIC names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500 AS $$
    SELECT string_agg(' ' || plain || ' ' || replace(plain, ' ', ''), '' ORDER BY place)
    FROM unnest(names) WITH ORDINALITY AS given(name, place),
    LATERAL (SELECT trim(regexp_replace(regexp_replace(lower(translate(replace(replace(replace(
        normalize(translate(name, E'\\u0027\\u0060\\u00b4\\u02bc\\u2018\\u2019', ''), NFKD),
        E'\\u00df', 'ss'), E'\\u00e6', 'ae'), E'\\u00c6', 'ae'),
        E'\\u00d8\\u00f8\\u0110\\u0111\\u0141\\u0142', 'ooddll')),
        E'[\\u0300-\\u036f]', '', 'g'),
        E'[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u2010-\\u2015]+',
        ' ', 'g')) AS plain
    ) AS p
$$
"""
DROP_WORDS_TO_SEARCH = "DROP FUNCTION words_to_search(text[])"

# Numbers as they are read aloud: without spaces, hyphens and capitals. In PL/pgSQL, so that its
# cost is known to the planner: one in SQL is put in its place, and looks cheaper than an index.
NUMBER_TO_SEARCH = """
CREATE FUNCTION number_to_search(number text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 200 AS $$
BEGIN
    RETURN upper(regexp_replace(number, '[^0-9A-Za-z]', '', 'g'));
END $$
"""
DROP_NUMBER_TO_SEARCH = "DROP FUNCTION number_to_search(text)"
