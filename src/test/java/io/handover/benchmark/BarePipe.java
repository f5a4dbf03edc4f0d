package io.handover.benchmark;

import io.handover.benchmark.Contender.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;

/// The limit: `psql` on both sides of a pipe, binary, with as many pipes as jobs, big tables in the same ranges. No
/// snapshot for all, no index, nothing else; only the tables are there before.
final class BarePipe {

    private static final long RANGE = 256L << 20;

    private BarePipe() {}

    /// Makes the tables, without any index, and writes down what the pipes will carry, the biggest first.
    static void prepare(Databases with) throws IOException, InterruptedException, SQLException {
        Contender.shell(with, "pg_dump --schema-only --section=pre-data --no-owner \"$FROM\" | psql -qX \"$TO\"");
        var pieces = new ArrayList<String>();
        try (var db = with.source().open(with.from());
                var sql = db.createStatement();
                var row = sql.executeQuery("select relname, relpages, pg_table_size(oid) from pg_class"
                        + " where relkind = 'r' and relnamespace = 'public'::regnamespace order by 3 desc, 1")) {
            while (row.next()) {
                String name = row.getString(1);
                long pages = row.getLong(2);
                long parts = Math.max(1, row.getLong(3) / RANGE);
                for (long i = 0; i < parts; i++) {
                    String to = i == parts - 1 ? "" : " and ctid < '(" + pages * (i + 1) / parts + ",0)'";
                    pieces.add(name + "|select * from " + name + " where ctid >= '(" + pages * i / parts + ",0)'" + to);
                }
            }
        }
        Files.write(with.folder().resolve("pieces"), pieces);
    }

    /// Carries all rows.
    static Run run(Databases with) throws IOException, InterruptedException {
        Path script = with.folder().resolve("pipe.sh");
        Files.writeString(script, """
                set -euo pipefail
                table=${1%%|*} rows=${1#*|}
                export PGOPTIONS='-c synchronous_commit=off'
                psql -qX -v ON_ERROR_STOP=1 -c "copy ($rows) to stdout (format binary)" "$FROM" |
                    psql -qX -v ON_ERROR_STOP=1 -c "copy $table from stdin (format binary)" "$TO"
                """);
        return Contender.shell(with, "xargs -a \"$FOLDER/pieces\" -d '\\n' -n 1 -P $JOBS bash \"$FOLDER/pipe.sh\"");
    }
}
