// libpq, and the names of its diagnostic fields: character macros, which Swift does not import.
#include <libpq-fe.h>

enum {
    DIAG_SEVERITY = PG_DIAG_SEVERITY_NONLOCALIZED,
    DIAG_SQLSTATE = PG_DIAG_SQLSTATE,
    DIAG_MESSAGE = PG_DIAG_MESSAGE_PRIMARY,
    DIAG_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME,
    DIAG_POSITION = PG_DIAG_STATEMENT_POSITION,
    DIAG_INTERNAL_POSITION = PG_DIAG_INTERNAL_POSITION,
};
