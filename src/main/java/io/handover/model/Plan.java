package io.handover.model;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Everything a migration was told to do, without secrets: stored on disk and on the target, and handed to a
/// colleague.
///
/// @param id          tells this migration from others
/// @param source      the server that owns the data now
/// @param target      the server it moves to
/// @param scope       which tables move
/// @param workers     parallel copy connections, 1 to 64
/// @param keepOwners  whether owners are set on the target as on the source
/// @param keepGrants  whether grants are carried over
/// @param freeze      how writes are stopped
/// @param deadline    from the freeze on; past it everything is undone; 1 s to 10 min
/// @param window      how long one can still roll back; a reminder, nothing is dropped by itself
/// @param hooks       the user's commands
/// @param sourceReach the source as the target sees it
/// @param targetReach the target as the source sees it
/// @param poolers     PgBouncers that hold their clients back during a cutover; none in plans older than that
/// @param readLimit   how quickly copies and comparisons may read; none in plans older than that
/// @param copyMethod  which way the rows take; through this program in plans older than that
/// @param archive     where and how an archive is written, should the rows take that way
/// @param waves       how the tables are divided; not at all in plans older than that
/// @param freezeRoles for `NAMED_ROLES`, the roles' names as the catalogue has them; none in plans older than
///     that
public record Plan(
        MigrationId id,
        Profile source,
        Profile target,
        Scope scope,
        int workers,
        boolean keepOwners,
        boolean keepGrants,
        FreezeMethod freeze,
        Duration deadline,
        Duration window,
        Hooks hooks,
        Reach sourceReach,
        Reach targetReach,
        List<Pooler> poolers,
        ReadLimit readLimit,
        CopyMethod copyMethod,
        Archive archive,
        Waves waves,
        List<String> freezeRoles) {

    /// More connections than that help no server.
    public static final int MOST_WORKERS = 64;

    /// Refuses numbers out of range; copies the lists.
    public Plan {
        poolers = poolers == null ? List.of() : List.copyOf(poolers);
        readLimit = readLimit == null ? ReadLimit.NONE : readLimit;
        copyMethod = copyMethod == null ? CopyMethod.THROUGH_HERE : copyMethod;
        archive = archive == null ? Archive.TEMPORARY : archive;
        waves = waves == null ? Waves.ONE : waves;
        freezeRoles = freezeRoles == null
                ? List.of()
                : freezeRoles.stream().distinct().toList();
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException("workers must be 1 to " + MOST_WORKERS + ", not " + workers);
        }
        if (deadline.compareTo(Duration.ofSeconds(1)) < 0 || deadline.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("the deadline must be 1 second to 10 minutes, not " + deadline);
        }
        if (window.isNegative()) {
            throw new IllegalArgumentException("the window is negative: " + window);
        }
    }

    /// The defaults: everything moves, two workers, lock freeze, 30 s deadline, 48 h window.
    public static Plan of(MigrationId id, Profile source, Profile target) {
        return new Plan(
                id,
                source,
                target,
                Scope.everything(),
                2,
                false,
                false,
                FreezeMethod.LOCK_TABLES,
                Duration.ofSeconds(30),
                Duration.ofDays(2),
                Hooks.none(),
                Reach.same(),
                Reach.same(),
                List.of(),
                ReadLimit.NONE,
                CopyMethod.THROUGH_HERE,
                Archive.TEMPORARY,
                Waves.ONE,
                List.of());
    }

    /// The profile of `side`.
    public Profile profile(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /// How the other server reaches `side`.
    public Reach reach(Side side) {
        return side == Side.SOURCE ? sourceReach : targetReach;
    }

    /// The same plan with another scope.
    public Plan with(Scope newScope) {
        return changed(to -> to.scope = newScope);
    }

    /// The same plan with another number of workers.
    public Plan withWorkers(int number) {
        return changed(to -> to.workers = number);
    }

    /// The same plan with owners and grants kept or not.
    public Plan withOwnership(boolean owners, boolean grants) {
        return changed(to -> {
            to.keepOwners = owners;
            to.keepGrants = grants;
        });
    }

    /// The same plan with another way through the cutover.
    public Plan with(FreezeMethod method, Duration newDeadline, Duration newWindow, Hooks newHooks) {
        return changed(to -> {
            to.freeze = method;
            to.deadline = newDeadline;
            to.window = newWindow;
            to.hooks = newHooks;
        });
    }

    /// The same plan for the same two databases under other addresses.
    public Plan between(Profile newSource, Profile newTarget) {
        return changed(to -> {
            to.source = newSource;
            to.target = newTarget;
        });
    }

    /// The same plan with other addresses between the servers.
    public Plan with(Reach newSourceReach, Reach newTargetReach) {
        return changed(to -> {
            to.sourceReach = newSourceReach;
            to.targetReach = newTargetReach;
        });
    }

    /// The same plan with these PgBouncers.
    public Plan withPoolers(List<Pooler> newPoolers) {
        return changed(to -> to.poolers = newPoolers);
    }

    /// The same plan with another limit for copies and comparisons.
    public Plan with(ReadLimit limit) {
        return changed(to -> to.readLimit = limit);
    }

    /// The same plan with another way for the rows.
    public Plan with(CopyMethod method) {
        return changed(to -> to.copyMethod = method);
    }

    /// The same plan with another archive, for a copy that goes through one.
    public Plan with(Archive newArchive) {
        return changed(to -> to.archive = newArchive);
    }

    /// The same plan with other waves.
    public Plan with(Waves newWaves) {
        return changed(to -> to.waves = newWaves);
    }

    /// The same plan with these roles for a freeze by role.
    public Plan withFreezeRoles(List<String> names) {
        return changed(to -> to.freezeRoles = names);
    }

    private Plan changed(Consumer<Parts> change) {
        var parts = new Parts(this);
        change.accept(parts);
        return parts.plan();
    }

    /// A plan's parts, to change some of them.
    private static final class Parts {
        private final MigrationId id;
        private Profile source;
        private Profile target;
        private Scope scope;
        private int workers;
        private boolean keepOwners;
        private boolean keepGrants;
        private FreezeMethod freeze;
        private Duration deadline;
        private Duration window;
        private Hooks hooks;
        private Reach sourceReach;
        private Reach targetReach;
        private List<Pooler> poolers;
        private ReadLimit readLimit;
        private CopyMethod copyMethod;
        private Archive archive;
        private Waves waves;
        private List<String> freezeRoles;

        Parts(Plan plan) {
            id = plan.id;
            source = plan.source;
            target = plan.target;
            scope = plan.scope;
            workers = plan.workers;
            keepOwners = plan.keepOwners;
            keepGrants = plan.keepGrants;
            freeze = plan.freeze;
            deadline = plan.deadline;
            window = plan.window;
            hooks = plan.hooks;
            sourceReach = plan.sourceReach;
            targetReach = plan.targetReach;
            poolers = plan.poolers;
            readLimit = plan.readLimit;
            copyMethod = plan.copyMethod;
            archive = plan.archive;
            waves = plan.waves;
            freezeRoles = plan.freezeRoles;
        }

        Plan plan() {
            return new Plan(
                    id,
                    source,
                    target,
                    scope,
                    workers,
                    keepOwners,
                    keepGrants,
                    freeze,
                    deadline,
                    window,
                    hooks,
                    sourceReach,
                    targetReach,
                    poolers,
                    readLimit,
                    copyMethod,
                    archive,
                    waves,
                    freezeRoles);
        }
    }
}
