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
