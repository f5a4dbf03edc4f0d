package io.handover.cli;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Endpoint;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Profile;
import io.handover.model.Reach;
import io.handover.model.ReadLimit;
import io.handover.model.Scope;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What can be said about a migration on the command line.
final class PlanOptions {

    @Option(names = "--workers", defaultValue = "2", description = "parallel copy connections (${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--copy",
            defaultValue = "THROUGH_HERE",
            description = "which way the rows take: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private CopyMethod copyMethod = CopyMethod.THROUGH_HERE;

    @Option(
            names = "--archive",
            paramLabel = "FOLDER",
            description = "keep the archive of --copy ARCHIVE in this folder; otherwise it is temporary")
    private @Nullable Path archive;

    @Option(
            names = "--archive-format",
            paramLabel = "FORMAT",
            description = "of --copy ARCHIVE: ${COMPLETION-CANDIDATES} (DIRECTORY); CUSTOM is written by one worker")
    private Archive.@Nullable Format archiveFormat;

    @Option(
            names = "--archive-compress",
            paramLabel = "LEVEL",
            description =
                    "of --copy ARCHIVE, as pg_dump --compress has it: 0 to 9, or zstd:3 and the like from 16 on (1)")
    private @Nullable String archiveCompression;

    @Option(
            names = "--waves",
            paramLabel = "N",
            description = "copy the tables in so many waves of about equal size, one after the other (1)")
    private @Nullable Integer waves;

    @Option(
            names = "--wave-size",
            paramLabel = "GB",
            description = "copy them in as many waves as it takes for none to be bigger")
    private @Nullable Integer waveSize;

    @Option(
            names = "--wave",
            paramLabel = "SCHEMA.NAME[,…]",
            description = "these tables are a wave of their own, before the others; a name with a comma in it stands in"
                    + " quotes: \"a,b\".\"c\"\"d\"; may be repeated")
    private List<String> namedWaves = List.of();

    @Option(
            names = "--limit",
            paramLabel = "MB",
            defaultValue = "0",
            description = "read at most so many MB of the tables in a second; 0 for no limit")
    private int limit;

    @Option(names = "--exclude-schema", paramLabel = "NAME", description = "leave a schema out; may be repeated")
    private List<String> excludedSchemas = List.of();

    @Option(names = "--exclude-table", paramLabel = "SCHEMA.NAME", description = "leave a table out; may be repeated")
    private List<String> excludedTables = List.of();

    @Option(names = "--keep-owners", description = "set the owners as on the source")
    private boolean keepOwners;

    @Option(names = "--keep-grants", description = "carry grants over")
    private boolean keepGrants;

    @Option(names = "--freeze", description = "how writes are stopped: ${COMPLETION-CANDIDATES} (LOCK_TABLES)")
    private @Nullable FreezeMethod freeze;

    @Option(
            names = "--freeze-role",
            paramLabel = "NAME",
            description = "of --freeze NAMED_ROLES, which it stands for: a role that the application logs in as, as the"
                    + " catalogue has it; may be repeated")
    private List<String> freezeRoles = List.of();

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "from the freeze on, then everything is undone (30)")
    private @Nullable Integer deadline;

    @Option(names = "--window", paramLabel = "HOURS", description = "how long one means to be able to roll back (48)")
    private @Nullable Integer window;

    @Option(names = "--hook-before-freeze", paramLabel = "COMMAND", description = "failing aborts the cutover")
    private @Nullable String beforeFreeze;

    @Option(
            names = "--hook-switch",
            paramLabel = "COMMAND",
            description = "points the application at the new owner (DATABASE_URL is in its environment)")
    private @Nullable String switchOver;

    @Option(names = "--health-url", paramLabel = "URL", description = "asked after the switch; not 2xx rolls back")
    private @Nullable String healthUrl;

    @Option(
            names = "--health-command",
            paramLabel = "COMMAND",
            description = "run after the switch; failing rolls back")
    private @Nullable String healthCommand;

    @Option(
            names = "--health-writes",
            negatable = true,
            description =
                    "the application must write a row on the new owner within the hooks' time limit, else it is rolled"
                            + " back")
    private @Nullable Boolean healthWrites;

    @Option(names = "--hook-after", paramLabel = "COMMAND", description = "last of all")
    private @Nullable String after;

    @Option(names = "--hook-time-limit", paramLabel = "SECONDS", description = "for each hook (30)")
    private @Nullable Integer hookLimit;

    @Option(
            names = "--pgbouncer",
            paramLabel = "URI",
            description =
                    "paused during a cutover, its clients wait and see no error: postgresql://admin@host:6432/database,"
                            + " the database as its clients name it; may be repeated; 'none' takes them out of the plan")
    private List<String> poolers = List.of();

    @Option(
            names = "--source-reach",
            paramLabel = "HOST[:PORT]",
            defaultValue = "",
            description = "the source as the target sees it, where that differs")
    private String sourceReach = "";

    @Option(
            names = "--target-reach",
            paramLabel = "HOST[:PORT]",
            defaultValue = "",
            description = "the target as the source sees it, where that differs")
    private String targetReach = "";

    /// A plan for a new migration of one database to the other.
    ///
    /// @throws Refusal for values out of range
    Plan newPlan(Endpoint source, Endpoint target) throws Refusal {
        try {
            return plan(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Exit.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /// `plan` with those of the cutover's options that were given; the others stay as they are.
    ///
    /// @throws Refusal for values out of range
    Plan changed(Plan plan) throws Refusal {
        try {
            return options(plan);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Exit.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /// A plan for a new migration.
    ///
    /// @throws IllegalArgumentException for values out of range, in words for people
    Plan plan(MigrationId id, Profile source, Profile target) {
        Set<TableRef> tables = new HashSet<>();
        for (String name : excludedTables) {
            tables.add(TableNames.single("--exclude-table", name));
        }
        return options(Plan.of(id, source, target)
                .with(new Scope(Set.copyOf(excludedSchemas), tables))
                .withWorkers(workers)
                .with(new ReadLimit(limit))
                .with(copyMethod)
                .with(archive())
                .with(waves())
                .withOwnership(keepOwners, keepGrants)
                .with(reach(sourceReach), reach(targetReach)));
    }

    /// `plan` with those of the cutover's options that were given; the others stay as they are.
    ///
    /// @throws IllegalArgumentException for values out of range, in words for people
    Plan options(Plan plan) {
        Hooks hooks = plan.hooks();
        FreezeMethod method = freeze == null ? plan.freeze() : freeze;
        if (!freezeRoles.isEmpty() && freeze == null) {
            method = FreezeMethod.NAMED_ROLES;
        }
        return plan.withFreezeRoles(roles(method, plan.freezeRoles()))
                .with(
                        method,
                        deadline == null ? plan.deadline() : Duration.ofSeconds(deadline),
                        window == null ? plan.window() : Duration.ofHours(window),
                        new Hooks(
                                beforeFreeze == null ? hooks.beforeFreeze() : beforeFreeze,
                                switchOver == null ? hooks.switchOver() : switchOver,
                                healthUrl == null ? hooks.healthUrl() : healthUrl,
                                healthCommand == null ? hooks.healthCommand() : healthCommand,
                                after == null ? hooks.after() : after,
                                hookLimit == null ? hooks.timeLimit() : Duration.ofSeconds(hookLimit),
                                healthWrites == null ? hooks.healthWrites() : healthWrites))
                .withPoolers(
                        poolers.isEmpty()
                                ? plan.poolers()
                                : poolers(plan.source().database()));
    }

    private List<String> roles(FreezeMethod method, List<String> before) {
        if (method != FreezeMethod.NAMED_ROLES) {
            if (!freezeRoles.isEmpty()) {
                throw new IllegalArgumentException("--freeze-role is for --freeze NAMED_ROLES");
            }
            return List.of();
        }
        List<String> roles = freezeRoles.isEmpty() ? before : freezeRoles;
        if (roles.isEmpty()) {
            throw new IllegalArgumentException(
                    "--freeze NAMED_ROLES needs the roles that the application logs in as: --freeze-role NAME");
        }
        return roles;
    }

    private Archive archive() {
        if (copyMethod != CopyMethod.ARCHIVE
                && (archive != null || archiveFormat != null || archiveCompression != null)) {
            throw new IllegalArgumentException(
                    "--archive, --archive-format and --archive-compress are for --copy ARCHIVE");
        }
        Archive usual = Archive.TEMPORARY;
        return new Archive(
                archive == null
                        ? usual.folder()
                        : archive.toAbsolutePath().normalize().toString(),
                archiveFormat == null ? usual.format() : archiveFormat,
                archiveCompression == null ? usual.compression() : archiveCompression);
    }

    private Waves waves() {
        if (waves != null && waveSize != null) {
            throw new IllegalArgumentException("--waves or --wave-size, not both");
        }
        List<List<TableRef>> named = namedWaves.stream()
                .map(names -> TableNames.list("--wave", names))
                .toList();
        int number = waves != null ? waves : waveSize == null ? 1 : 0;
        return new Waves(named, number, waveSize == null ? 0 : waveSize);
    }

    private List<Pooler> poolers(String database) {
        return poolers.stream()
                .filter(text -> !text.equals("none"))
                .map(text -> Pooler.parse(text, database))
                .toList();
    }

    private static Reach reach(String text) {
        if (text.isEmpty()) {
            return Reach.same();
        }
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && text.indexOf(']', colon) < 0 && text.indexOf(':') == colon;
        try {
            return hasPort
                    ? new Reach(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)))
                    : new Reach(text, 0);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not HOST or HOST:PORT: " + text, e);
        }
    }
}
