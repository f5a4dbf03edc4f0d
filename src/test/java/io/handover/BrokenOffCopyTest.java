package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Somebody breaks a copy off because production suffers, asks where it is, and gives it up. What could go
/// wrong: the question, or giving up, goes on with the copy first.
class BrokenOffCopyTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();

    @TempDir
    Path folder;

    @Test
    void statusOnlyLooksAndDiscardDoesNotCopyTheRest() throws Exception {
        pair.run( // at 1 MB a second it takes minutes
                Side.SOURCE,
                "create table big as select g as id, repeat(md5(g::text), 30) as v from generate_series(1, 200000) g",
                "alter table big add primary key (id)");
        var migrate = AppProcess.start(folder, "migrate", source, target, "--limit", "1");
        Eventually.await(LONG, "the target knows of the copy", () -> !migrate.isAlive() || "COPYING".equals(stage()));
        assertThat(migrate.isAlive()).as(migrate.told()).isTrue();
        migrate.kill();
        String slots = pair.ask(Side.SOURCE, SLOTS);

        var status = AppProcess.start(folder, "status", source, target);
        assertThat(status.end()).as(status.told()).isZero();
        assertThat(status.result()).contains("COPYING");
        assertThat(status.told()).contains("handover migrate goes on");
        assertThat(pair.ask(Side.SOURCE, SLOTS)).isEqualTo(slots);

        var discard = AppProcess.start(folder, "discard", source, target, "--yes");
        assertThat(discard.end()).as(discard.told()).isZero();
        assertThat(discard.told()).doesNotContain("Building indexes");
        assertThat(pair.ask(Side.SOURCE, SLOTS)).isEqualTo("0");
        assertThat(pair.ask(Side.TARGET, "select count(*) from pg_class where relname = 'big'"))
                .isEqualTo("0");
    }

    private static final String SLOTS = "select count(*) from pg_replication_slots where database = current_database()";

    /// As the target has it; empty while it knows of no migration.
    private String stage() throws SQLException {
        return "null".equals(pair.ask(Side.TARGET, "select to_regclass('handover.migration')"))
                ? ""
                : pair.ask(Side.TARGET, "select coalesce((select stage from handover.migration), '')");
    }
}
