package io.handover.pg;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of the two settings that `pg_dump` changes between entries.
///
/// @param name  `default_tablespace` or `default_table_access_method`
/// @param value unquoted
record DumpSetting(String name, String value) {

    private static final Pattern FORM =
            Pattern.compile("SET (default_tablespace|default_table_access_method) = (.*);", Pattern.DOTALL);

    /// Reads `statement`; empty if it is another one.
    static Optional<DumpSetting> of(String statement) {
        Matcher matcher = FORM.matcher(statement);
        return matcher.matches()
                ? Optional.of(new DumpSetting(matcher.group(1), unquoted(matcher.group(2))))
                : Optional.empty();
    }

    private static String unquoted(String value) {
        for (String quote : new String[] {"'", "\""}) {
            if (value.length() >= 2 && value.startsWith(quote) && value.endsWith(quote)) {
                return value.substring(1, value.length() - 1).replace(quote + quote, quote);
            }
        }
        return value;
    }
}
