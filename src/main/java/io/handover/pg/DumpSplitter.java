package io.handover.pg;

import io.handover.pg.SqlScanner.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Splits the plain output of `pg_dump --schema-only --verbose` into its entries.
///
/// Only headings between two statements count: a function body, a comment or a default that looks exactly
/// like a heading is text inside a string, and the whole dump is read token by token. Lines for psql are
/// left out, and so is the preamble: whoever runs the entries sets up the session. Of the settings between
/// entries the tablespace and the access method are kept with each entry.
public final class DumpSplitter {

    private final String dump;
    private final List<DumpEntry> entries = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();
    private Optional<DumpHeading> heading = Optional.empty();
    private String tablespace = "";
    private String accessMethod = "";

    private DumpSplitter(String dump) {
        this.dump = dump;
    }

    /// Splits `dump`.
    ///
    /// @return in the dump's order, each with its section
    /// @throws IllegalArgumentException if the dump ends in the middle of something
    public static List<DumpEntry> split(String dump) {
        return DumpSections.assign(new DumpSplitter(dump).read());
    }

    private List<DumpEntry> read() {
        var scanner = new SqlScanner(dump);
        var bounds = new StatementBounds();
        int begin = 0;
        for (Kind kind = scanner.next(); kind != Kind.END; kind = scanner.next()) {
            boolean between = !bounds.inside();
            if (bounds.accept(kind, scanner)) {
                statement(dump.substring(begin, scanner.end()));
            } else if (between && bounds.inside()) {
                begin = scanner.start();
            } else if (between && kind == Kind.COMMENT && scanner.isLineStart()) {
                DumpHeading.at(dump, scanner.start()).ifPresent(found -> {
                    finish();
                    heading = Optional.of(found);
                    scanner.jump(found.end());
                });
            }
        }
        if (bounds.inside()) {
            throw new IllegalArgumentException("the dump ends within a statement");
        }
        finish();
        return entries;
    }

    /// What `pg_dump` sets between two entries is meant for those that follow.
    private void statement(String sql) {
        var setting = DumpSetting.of(sql);
        if (setting.isEmpty()) {
            statements.add(sql);
            return;
        }
        finish();
        heading = Optional.empty();
        if (setting.get().name().equals("default_tablespace")) {
            tablespace = setting.get().value();
        } else {
            accessMethod = setting.get().value();
        }
    }

    private void finish() {
        if (heading.isPresent() && !statements.isEmpty()) {
            String sql = String.join("\n\n", statements);
            entries.add(heading.get().entry(entries.size(), tablespace, accessMethod, sql));
        }
        statements.clear();
    }
}
