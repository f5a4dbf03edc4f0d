package io.handover.pg;

import io.handover.model.Secret;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `pg_dump` did not produce a dump, or `pg_restore` did not read one.
public final class PgDumpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Pattern COMPLAINT =
            Pattern.compile("(?m)^\\S*pg_(?:dump|restore)\\S*: (error|fatal|detail|hint): ");
    private static final int COMPLAINT_LENGTH = 4_000;

    /// Carries what `pg_dump` said.
    ///
    /// @param message without secrets
    public PgDumpFailure(String message) {
        super(message);
    }

    /// Carries why it could not even be run.
    public PgDumpFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /// Of a verbose run's many messages only what is wrong, without the password, should a server repeat it.
    static PgDumpFailure of(String said, int status, Secret password) {
        Matcher matcher = COMPLAINT.matcher(said);
        String words = matcher.find() ? said.substring(matcher.start()) : said;
        if (!password.isNone()) {
            words = words.replace(password.reveal(), password.toString());
        }
        words = words.strip();
        if (words.isEmpty()) {
            return new PgDumpFailure("pg_dump ended with status " + status + " and said nothing");
        }
        return new PgDumpFailure(
                words.length() <= COMPLAINT_LENGTH ? words : words.substring(0, COMPLAINT_LENGTH) + " …");
    }
}
