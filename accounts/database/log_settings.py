"""What PostgreSQL writes into its log of a failing statement: that it failed, not what it said."""

# A statement, its DETAIL and its parameters quote patients.
NO_VALUES_IN_LOG = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
