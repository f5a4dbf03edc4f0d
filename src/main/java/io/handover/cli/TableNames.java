package io.handover.cli;

import io.handover.model.TableRef;
import java.util.ArrayList;
import java.util.List;

/// Names of tables on the command line: `schema.name`, several with commas between. A part that has a comma, a
/// quote or, in the schema, a dot in it stands in double quotes as in SQL, each quote in it twice:
/// `"a,b"."c""d"`. Without quotes a part is taken as it is written, capital letters too.
final class TableNames {

    private final String option;
    private final String text;
    private int at;

    private TableNames(String option, String text) {
        this.option = option;
        this.text = text;
    }

    /// Reads a list.
    ///
    /// @param option whose value it is, for messages
    /// @throws IllegalArgumentException if it is none, for people
    static List<TableRef> list(String option, String text) {
        var names = new TableNames(option, text);
        var all = new ArrayList<TableRef>();
        do {
            all.add(names.one());
        } while (names.skip(','));
        return all;
    }

    /// Reads a single one, in which a comma needs no quotes.
    static TableRef single(String option, String text) {
        var name = new TableNames(option, text);
        String schema = name.part('.', '.');
        if (schema.isEmpty() || !name.skip('.')) {
            throw name.wrong();
        }
        String table = name.part('\0', '\0');
        if (table.isEmpty() || name.at < text.length()) {
            throw name.wrong();
        }
        return new TableRef(schema, table);
    }

    private TableRef one() {
        int from = at;
        String schema = part('.', ',');
        if (schema.isEmpty() || !skip('.')) {
            throw wrong(from);
        }
        String name = part(',', ',');
        if (name.isEmpty() || (at < text.length() && text.charAt(at) != ',')) {
            throw wrong(from);
        }
        return new TableRef(schema, name);
    }

    /// Up to one of two signs, or to the end.
    private String part(char end, char orEnd) {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != end && text.charAt(at) != orEnd) {
            if (text.charAt(at) == '"') {
                throw wrong();
            }
            at++;
        }
        return text.substring(from, at).strip();
    }

    private String quoted() {
        var name = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != '"') {
                name.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                name.append('"');
                at++;
            } else {
                at++;
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                return name.toString();
            }
        }
        throw wrong();
    }

    private boolean skip(char sign) {
        boolean there = at < text.length() && text.charAt(at) == sign;
        at += there ? 1 : 0;
        return there;
    }

    private IllegalArgumentException wrong() {
        return wrong(0);
    }

    private IllegalArgumentException wrong(int from) {
        return new IllegalArgumentException(option + " wants schema.name, not "
                + text.substring(from).strip()
                + (text.indexOf('"') < 0
                        ? ""
                        : ": each \" in a name is written twice, and quotes stand around all of it"));
    }
}
