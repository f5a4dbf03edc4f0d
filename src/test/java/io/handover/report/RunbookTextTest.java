package io.handover.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.Runbook;
import io.handover.model.Runbook.Line;
import io.handover.model.Runbook.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbookTextTest {

    private static final Runbook BOOK = new Runbook(
            "A cutover",
            List.of(
                    new Part("First", List.of("Mind the step."), List.of()),
                    new Part(
                            "Second",
                            List.of(),
                            List.of(
                                    new Line("source", "select 1"),
                                    new Line("source", "select 2", "again"),
                                    new Line("shell", "echo hello"),
                                    new Line("PgBouncer here:6432", "RESUME \"shop\"")))));

    @Test
    void markdownHasABlockForEachPlace() {
        assertEquals("""
                # A cutover

                ## 1. First

                - Mind the step.

                ## 2. Second


                On the source:

                ```sql
                select 1;
                select 2; -- again
                ```

                On this computer:

                ```sh
                echo hello
                ```

                On the console of PgBouncer here:6432:

                ```sql
                RESUME "shop"
                ```
                """, RunbookText.of(BOOK, "ticket.md"));
    }

    @Test
    void sqlHasEverythingElseInComments() {
        List<String> bare = RunbookText.of(BOOK, "TICKET.SQL")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .toList();
        assertEquals(List.of("select 1;", "select 2; -- again"), bare);
    }
}
