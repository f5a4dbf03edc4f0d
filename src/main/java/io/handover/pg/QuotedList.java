package io.handover.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The value of a parameter that is a list of names, as the catalogue has it: `"$user", public`. `SET` wants each
/// name by itself; the whole in one literal would be one strange name.
final class QuotedList {

    /// PostgreSQL's parameters of that kind (`GUC_LIST_QUOTE`); the list is closed, extensions cannot add to it.
    static final Set<String> NAMES = Set.of(
            "search_path",
            "temp_tablespaces",
            "local_preload_libraries",
            "session_preload_libraries",
            "shared_preload_libraries",
            "unix_socket_directories");

    private QuotedList() {}

    /// Its names, without quotes.
    static List<String> parse(String value) {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' && quoted && i + 1 < value.length() && value.charAt(i + 1) == '"') {
                name.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                names.add(name.toString());
                name.setLength(0);
            } else if (quoted || !Character.isWhitespace(c)) {
                name.append(c);
            }
        }
        names.add(name.toString());
        return names;
    }
}
