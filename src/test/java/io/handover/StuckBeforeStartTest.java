package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `migrate --fix` changes the source, then something on the target forbids the start. What could go wrong:
/// neither server knows of the migration yet, so that nothing finds it, and the source keeps what the fix
/// has changed.
class StuckBeforeStartTest {

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();

    @TempDir
    Path folder;

    @Test
    void itIsFoundAndDiscardedAndTheSourceIsAsItWas() throws Exception {
        pair.run(Side.SOURCE, "create table ledger (number bigint)");
        pair.run(Side.TARGET, "create table ledger (number bigint)");
        var migrate = AppProcess.start(folder, "migrate", source, target, "--fix");
        assertThat(migrate.end()).as(migrate.told()).isEqualTo(3);
        assertThat(identity()).as("the fix was applied").isEqualTo("f");

        var status = AppProcess.start(folder, "status", source, target);
        assertThat(status.end()).as(status.told()).isZero();
        assertThat(status.result()).contains("the source owns the data");

        var discard = AppProcess.start(folder, "discard", source, target, "--yes");
        assertThat(discard.end()).as(discard.told()).isZero();
        assertThat(identity()).isEqualTo("d");
        assertThat(pair.ask(Side.SOURCE, "select count(*) from pg_namespace where nspname = 'handover'"))
                .isEqualTo("0");
        assertThat(pair.ask(Side.TARGET, "select count(*) from pg_class where relname = 'ledger'"))
                .as("not Handover's")
                .isEqualTo("1");

        var over = AppProcess.start(folder, "status", source, target);
        assertThat(over.end()).as(over.told()).isEqualTo(3);
        assertThat(over.told()).contains("no migration under way");
    }

    private String identity() throws SQLException {
        return pair.ask(Side.SOURCE, "select relreplident from pg_class where relname = 'ledger'");
    }
}
