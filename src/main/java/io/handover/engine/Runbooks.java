package io.handover.engine;

import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Runbook;
import io.handover.model.Runbook.Line;
import io.handover.model.Runbook.Part;
import io.handover.model.Side;
import io.handover.pg.CutoverFacts;
import io.handover.pg.SqlNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes down what the next hand-over will do. Pure. In the order of `CutoverStep`; who changes the one changes the
/// other.
final class Runbooks {

    private final Plan plan;
    private final Side from;
    private final Side to;
    private final CutoverFacts facts;
    private final List<Part> parts = new ArrayList<>();

    private Runbooks(Plan plan, Side from, CutoverFacts facts) {
        this.plan = plan;
        this.from = from;
        this.to = from.other();
        this.facts = facts;
    }

    /// For a hand-over from `from`.
    ///
    /// @param now this machine's clock, for the heading
    static Runbook of(Plan plan, Side from, CutoverFacts facts, Instant now) {
        var book = new Runbooks(plan, from, facts);
        book.before();
        book.pause();
        book.after();
        return new Runbook(
                (from == Side.SOURCE ? "Cutover" : "Roll back") + " of migration " + plan.id() + ": "
                        + plan.profile(from).address() + " to "
                        + plan.profile(from.other()).address() + ", as planned at " + now,
                book.parts);
    }

    private void before() {
        Hooks hooks = plan.hooks();
        add(
                "Before writes are stopped",
                List.of(
                        "All gates are read once more; a closed one that nobody has overridden ends it here.",
                        "Nothing of this holds anybody up; until the freeze everything can be broken off."),
                shell(hooks.beforeFreeze()),
                facts.views().stream()
                        .map(view -> on(to, "refresh materialized view " + view))
                        .toList(),
                List.of(
                        on(
                                to,
                                "create publication " + name(to) + " for table " + list(facts.published(), "only ")
                                        + ", handover.fence"),
                        on(
                                from,
                                "update handover.mark set epoch = " + facts.epoch()
                                        + ", state = 'armed', deadline = <now + "
                                        + Math.max(10, plan.deadline().toSeconds()) + " s>"),
                        on(
                                from,
                                "do $$ … $$",
                                "the watchdog, a session of its own: at the deadline it takes back what is not"
                                        + " confirmed, and makes the database writable")));
        if (!plan.poolers().isEmpty()) {
            add(
                    "PgBouncer holds its clients back",
                    List.of("They wait from here on. Each try lasts a second at most."),
                    consoles("PAUSE %s"));
        }
    }

    private void pause() {
        String database = SqlNames.quoted(plan.profile(from).database());
        boolean locks = plan.freeze() == FreezeMethod.LOCK_TABLES;
        boolean byRole = plan.freeze() == FreezeMethod.NAMED_ROLES;
        var readOnly = new ArrayList<Line>();
        readOnly.add(on(from, "update handover.mark set state = 'handing_over', marked_at = <now>"));
        if (byRole) {
            for (String role : plan.freezeRoles()) {
                readOnly.add(on(
                        from,
                        "alter role " + SqlNames.quoted(role) + " in database " + database
                                + " set default_transaction_read_only = on",
                        "in the same transaction; what it had set before is kept in handover.frozen_role"));
            }
        } else {
            readOnly.add(on(from, "alter database " + database + " set default_transaction_read_only = on"));
        }
        readOnly.add(on(
                from,
                "select pg_terminate_backend(<pid>)",
                switch (plan.freeze()) {
                    case LOCK_TABLES -> "each older session that does not wait for the locks";
                    case END_SESSIONS -> "each older session";
                    case NAMED_ROLES -> "each older session of these roles; others go on";
                }));
        var lock = List.of(
                on(from, "lock table " + list(facts.locked(), "") + " in share update exclusive mode"),
                on(
                        from,
                        "lock table " + list(facts.locked(), "") + " in exclusive mode",
                        "writers wait, readers go on"));
        add(
                "The freeze: the deadline of " + plan.deadline().toSeconds() + " s begins",
                List.of(
                        "Past the deadline, or if anything fails up to the point of no return, all of it is undone: the "
                                + from.word() + " takes writes again and the stream goes on."),
                locks ? lock : readOnly,
                locks ? List.of() : lock,
                List.of(on(from, "insert into handover.fence (token) values (<random>)")),
                locks ? readOnly : List.of(), // while the fence is on its way
                List.of(on(to, "select from handover.fence where token = <random>", "until it is there")));
        add(
                "What the stream does not carry",
                List.of(
                        facts.sequences().size() + " sequences, as they stand on the " + from.word()
                                + ": last_value and is_called. Those that stand alike already are left alone.",
                        "Large objects and unlogged tables, as far as they have changed. Rows that the last comparison"
                                + " left open are compared."),
                facts.sequences().stream()
                        .map(name -> on(to, "select setval(" + SqlNames.literal(name) + ", <last_value>, <is_called>)"))
                        .toList());
        add(
                "The stream is turned, and the point of no return",
                List.of("The last statement decides who owns the data. It checks that the locks are still held and that"
                        + " the deadline has not passed."),
                List.of(
                        on(to, "alter subscription " + name(from) + " disable"),
                        on(
                                to,
                                "select pg_create_logical_replication_slot("
                                        + SqlNames.literal(plan.id().slot(to)) + ", 'pgoutput')"),
                        on(from, "update handover.mark set state = 'handed_over', owner = '" + to.word() + "'")));
    }

    private void after() {
        Hooks hooks = plan.hooks();
        MigrationId id = plan.id();
        add(
                "The new owner is open",
                List.of("A failing switch or health check hands the data back by itself."),
                List.of(on(to, "update handover.mark set owner = '" + to.word() + "', state = 'owns'")),
                shell(hooks.switchOver()),
                consoles("RELOAD; RESUME %s"),
                List.of(
                        on(from, "select pg_terminate_backend(<pid>)", "each session that waited; then the locks go"),
                        on(to, "drop subscription " + name(from)),
                        on(from, "select pg_drop_replication_slot(" + SqlNames.literal(id.slot(from)) + ")"),
                        on(
                                from,
                                "create subscription " + name(to) + " connection '<the " + to.word()
                                        + ">' publication " + name(to)
                                        + " with (copy_data = false, create_slot = false, slot_name = "
                                        + SqlNames.literal(id.slot(to)) + ")"),
                        on(
                                from,
                                "create trigger handover_guard …",
                                "on " + facts.published().size() + " tables: refuses writes on the " + from.word()
                                        + ", whatever a session says; two event triggers, made before, do so for"
                                        + " changes of the schema")),
                shell(hooks.healthUrl().isBlank() ? "" : "GET " + hooks.healthUrl()),
                shell(hooks.healthCommand()),
                shell(hooks.after()));
        add(
                "The way back",
                List.of(
                        "For " + plan.window().toHours() + " hours, and longer until somebody retires it, the "
                                + from.word() + " follows, read-only to everybody else.",
                        "Rolling back is the same the other way round, and loses nothing.",
                        "If Handover dies: before the point of no return the watchdog undoes it at the deadline; after"
                                + " it Handover goes forward when it is started again."
                                + (plan.poolers().isEmpty()
                                        ? ""
                                        : " Clients of PgBouncer wait until then, or until somebody says RESUME.")));
    }

    @SafeVarargs
    private void add(String heading, List<String> words, List<Line>... lines) {
        var all = new ArrayList<Line>();
        for (List<Line> some : lines) {
            all.addAll(some);
        }
        parts.add(new Part(heading, words, all));
    }

    private List<Line> consoles(String commands) {
        return plan.poolers().stream()
                .map((Pooler pooler) ->
                        new Line(pooler.words(), commands.formatted(SqlNames.quoted(pooler.database()))))
                .toList();
    }

    private static List<Line> shell(String command) {
        return Optional.of(command).filter(text -> !text.isBlank()).map(text -> new Line("shell", text)).stream()
                .toList();
    }

    private String name(Side owner) {
        return SqlNames.quoted(plan.id().publication(owner));
    }

    private static Line on(Side side, String sql) {
        return new Line(side.word(), sql);
    }

    private static Line on(Side side, String sql, String note) {
        return new Line(side.word(), sql, note);
    }

    private static String list(List<String> names, String before) {
        return before + String.join(", " + before, names);
    }
}
