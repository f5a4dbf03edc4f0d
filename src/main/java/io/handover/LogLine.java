package io.handover;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/// One line a record: time, level, thread, logger, message; a stack trace below it.
///
/// Passwords are handed on as `Secret` and never logged; should one still stand in a message, of a library for
/// instance, it is struck out here.
final class LogLine extends Formatter {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSxxx").withZone(ZoneId.systemDefault());

    private static final String QUOTED = "''[^']+''|'(?:[^'\\\\]|''|\\\\.)*'|\"[^\"]*\"";

    /// `password=…`, `password '…'`, as in URLs, connection strings and `CREATE ROLE`; not "password is wrong".
    private static final Pattern NAMED = Pattern.compile(
            "(?i)(password[\"']?\\s*[=:]\\s*)(?:" + QUOTED + "|[^\\s&;,'\"]+)|(password\\s+)(?:" + QUOTED + ")");

    /// `//user:…@host`, up to the last at sign, for a password may hold one.
    private static final Pattern IN_URI = Pattern.compile("(://[^:/@\\s]*:)\\S+@");

    /// Formats on the thread that logs, as every handler does that is not asynchronous.
    @Override
    public String format(LogRecord line) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        out.printf(
                "%s %-7s [%s] %s: %s%n",
                TIME.format(line.getInstant()),
                line.getLevel().getName(),
                Thread.currentThread().getName(),
                line.getLoggerName(),
                formatMessage(line));
        if (line.getThrown() != null) {
            line.getThrown().printStackTrace(out);
        }
        return withoutSecrets(text.toString());
    }

    /// The text with what looks like a password replaced.
    static String withoutSecrets(String text) {
        var named = NAMED.matcher(text).replaceAll("$1$2***");
        return IN_URI.matcher(named).replaceAll("$1***@");
    }
}
