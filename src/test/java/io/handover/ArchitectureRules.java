package io.handover;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

/// Who may import whom and who may do what, each rule with its reason.
///
/// The rules are made for a root package, so that the bait classes in `io.handover.archbait` can show that each
/// rule is able to fail.
final class ArchitectureRules {

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    /// A rule and the simple names, parted by spaces, of the bait classes that it has to reject.
    record Baited(String baits, ArchRule rule) {
        @Override
        public String toString() {
            return rule.getDescription();
        }
    }

    List<Baited> all() {
        return Stream.of(imports(), places(), acts()).flatMap(List::stream).toList();
    }

    /// The table of imports. What is not named here is forbidden.
    private List<Baited> imports() {
        return List.of(
                only(
                        "ModelWithSql",
                        "model",
                        "the vocabulary is shared by all, so it must not drag anything in",
                        "java.lang..",
                        "java.math..",
                        "java.net",
                        "java.nio..",
                        "java.text..",
                        "java.time..",
                        "java.util..",
                        "java.io.."),
                only("FlowWithModel", "flow", "threads and signals know nothing of what they carry", "java.."),
                only(
                        "PgWithEngine",
                        "pg",
                        "the SQL must be usable and testable without a migration",
                        ours("model", "flow"),
                        "java..",
                        "javax..",
                        "org.postgresql..",
                        "com.zaxxer.hikari..",
                        "run.endive..",
                        "org.slf4j.."),
                only(
                        "CheckWithEngine",
                        "check",
                        "a check is a question to a server, whoever asks it",
                        ours("model", "pg"),
                        "java..",
                        "org.slf4j.."),
                only(
                        "JournalWithPg",
                        "journal",
                        "what has happened must be readable without a server",
                        ours("model"),
                        "java..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.slf4j.."),
                only(
                        "EngineWithPgjdbc",
                        "engine",
                        "the engine runs without a window, and speaks to servers through pg only",
                        ours("model", "flow", "pg", "check", "journal"),
                        "java..",
                        "javax..",
                        "org.slf4j.."),
                only(
                        "StoreWithPg",
                        "store",
                        "the user's files are read before any server is reached",
                        ours("model"),
                        "java..",
                        "javax.crypto..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.slf4j.."),
                only(
                        "ReportWithPg",
                        "report",
                        "a report tells what was recorded, it asks nobody",
                        ours("model"),
                        "java..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.slf4j.."),
                only(
                        "CliWithPg",
                        "cli",
                        "a command asks the same engine as the window, by the same door",
                        ours("model", "flow", "engine", "store", "report"),
                        "java..",
                        "picocli..",
                        "tools.jackson..",
                        "org.slf4j.."),
                only(
                        "PageWithPg",
                        "ui",
                        "a page that could reach a server could block, and could do what the journal does not know",
                        ours("model", "flow", "engine", "store", "report"),
                        "java..",
                        "javafx..",
                        "org.controlsfx..",
                        "impl.org.controlsfx..",
                        "atlantafx..",
                        "org.kordamp.ikonli..",
                        "org.slf4j.."));
    }

    /// Technologies that have one home.
    private List<Baited> places() {
        return List.of(
                none(
                        "EngineWithJavaFx",
                        noClasses()
                                .that(outside("", "ui.."))
                                .should()
                                .dependOnClassesThat(resideInAnyPackage("javafx.."))
                                .because("the engine and the commands run on machines without a display")),
                none(
                        "PageWithStep PageWithConductor",
                        noClasses()
                                .that(inside("ui..", "cli.."))
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage(root + ".engine..").and(not(engineApi())))
                                .because("only what Migration offers goes through the conductor and the journal")),
                none(
                        "PageWithSql",
                        noClasses()
                                .that(inside("ui..", "cli.."))
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql.."))
                                .because("neither window nor command holds a connection")),
                none(
                        "CheckWithStatement",
                        noClasses()
                                .that(outside("pg..", "demo.."))
                                .should()
                                .dependOnClassesThat(assignableTo(java.sql.Statement.class)
                                        .or(assignableTo(java.sql.ResultSet.class))
                                        .or(assignableTo(java.sql.DatabaseMetaData.class)))
                                .because("all SQL stands in pg, where names are quoted; the demo plays a stranger")),
                none(
                        "CliWithDriver",
                        noClasses()
                                .that(outside("pg..", "demo.."))
                                .should()
                                .dependOnClassesThat(resideInAnyPackage("org.postgresql..", "com.zaxxer.hikari.."))
                                .because("the driver's own types stay in pg")),
                none(
                        "BadViewModel",
                        noClasses()
                                .that()
                                .haveSimpleNameEndingWith("ViewModel")
                                .should()
                                .dependOnClassesThat(resideInAnyPackage("javafx.scene..", "javafx.stage.."))
                                .because("a view model is tested without a window")),
                none(
                        "UsesRoot",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(root)
                                .should()
                                .dependOnClassesThat(resideInAPackage(root))
                                .because("Main and Wiring put the parts together; no part knows them")),
                new Baited(
                        "CycleA",
                        slices().matching(root + ".(**)")
                                .should()
                                .beFreeOfCycles()
                                .because("packages that need each other are one package")
                                .allowEmptyShould(true)));
    }

    /// Acts that only one place may do.
    private List<Baited> acts() {
        return List.of(
                none(
                        "RunsLater",
                        noClasses()
                                .that(outside("ui.fx.."))
                                .should()
                                .accessTargetWhere(calls("javafx.application.Platform", "runLater"))
                                .orShould()
                                .dependOnClassesThat(resideInAPackage("javafx.concurrent.."))
                                .because("there is one door to the JavaFX thread, and it lets the newest value only")),
                none(
                        "StartsThreads StartsPool",
                        noClasses()
                                .that(not(named("flow.NamedThreads")))
                                .should()
                                .accessTargetWhere(startsThreads())
                                .orShould()
                                .beAssignableTo(Thread.class)
                                .because("every thread has a name, an owner and an end")),
                none(
                        "Sleeps",
                        noClasses()
                                .that(outside("flow.."))
                                .should()
                                .accessTargetWhere(calls(Thread.class.getName(), "sleep"))
                                .because("who sleeps cannot be stopped; wait on a Gate")),
                none(
                        "Prints",
                        noClasses()
                                .that(outside("cli..", "demo..").and(not(named("Main"))))
                                .should()
                                .accessTargetWhere(prints())
                                .because("standard output is a contract of the commands; everybody else has the log")),
                none(
                        "LooksAtTheClock",
                        noClasses()
                                .that(outside("flow..").and(not(named("Main").or(named("Wiring")))))
                                .should()
                                .accessTargetWhere(looksAtTheClock())
                                .because("a test must be able to turn the clock")));
    }

    private Baited only(String baits, String room, String reason, String... allowed) {
        return only(baits, room, reason, new String[0], allowed);
    }

    private Baited only(String baits, String room, String reason, String[] rooms, String... libraries) {
        var allowed = Stream.of(
                        Stream.of(root + "." + room + "..", "org.jspecify.."), Stream.of(rooms), Stream.of(libraries))
                .flatMap(all -> all)
                .toArray(String[]::new);
        return new Baited(
                baits,
                classes()
                        .that(inside(room + ".."))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(allowed)
                        .because(reason)
                        .allowEmptyShould(true));
    }

    private static Baited none(String baits, ArchRule rule) {
        return new Baited(baits, rule.allowEmptyShould(true));
    }

    private String[] ours(String... rooms) {
        return Stream.of(rooms).map(room -> root + "." + room + "..").toArray(String[]::new);
    }

    /// Package patterns under the root; "" is the root package itself.
    private DescribedPredicate<JavaClass> inside(String... rooms) {
        return resideInAnyPackage(Stream.of(rooms)
                .map(room -> room.isEmpty() ? root : root + "." + room)
                .toArray(String[]::new));
    }

    private DescribedPredicate<JavaClass> outside(String... rooms) {
        return not(inside(rooms));
    }

    /// The class and what is nested in it.
    private DescribedPredicate<JavaClass> named(String name) {
        var full = root + "." + name;
        return describe(full, c -> c.getName().equals(full) || c.getName().startsWith(full + "$"));
    }

    /// What the engine shows to others: public, data or interface, and directly in its package.
    private DescribedPredicate<JavaClass> engineApi() {
        return describe(
                "public interfaces, records, enums and exceptions directly in engine",
                c -> c.getPackageName().equals(root + ".engine")
                        && c.getModifiers().contains(JavaModifier.PUBLIC)
                        && (c.isInterface() || c.isRecord() || c.isEnum() || c.isAssignableTo(Throwable.class)));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String owner, String... names) {
        var wanted = Set.of(names);
        return describe(
                owner + "." + String.join("/", names),
                a -> a.getTargetOwner().getName().equals(owner)
                        && wanted.contains(a.getTarget().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> startsThreads() {
        var makers = Set.of(
                Thread.class.getName(),
                Timer.class.getName(),
                ForkJoinPool.class.getName(),
                "java.util.concurrent.ScheduledThreadPoolExecutor",
                ThreadPoolExecutor.class.getName());
        return describe("something that starts threads", a -> {
            var owner = a.getTargetOwner();
            var name = a.getTarget().getName();
            return (makers.contains(owner.getName()) && name.equals("<init>"))
                    || owner.isEquivalentTo(Executors.class)
                    || (owner.isEquivalentTo(Thread.class)
                            && Set.of("ofVirtual", "ofPlatform", "startVirtualThread")
                                    .contains(name))
                    || (owner.isEquivalentTo(ForkJoinPool.class) && name.equals("commonPool"))
                    || (owner.isEquivalentTo(CompletableFuture.class) && name.endsWith("Async"))
                    || (owner.isAssignableTo(Collection.class) && name.equals("parallelStream"))
                    || (owner.isAssignableTo(BaseStream.class) && name.equals("parallel"));
        });
    }

    private static DescribedPredicate<JavaAccess<?>> prints() {
        return describe("standard output or error", a -> {
            var name = a.getTarget().getName();
            return (a.getTargetOwner().isEquivalentTo(System.class)
                            && Set.of("out", "err").contains(name))
                    || (name.equals("printStackTrace")
                            && a.getTarget() instanceof CodeUnitCallTarget call
                            && call.getRawParameterTypes().isEmpty());
        });
    }

    private static DescribedPredicate<JavaAccess<?>> looksAtTheClock() {
        return describe("the computer's clock", a -> {
            var owner = a.getTargetOwner();
            var name = a.getTarget().getName();
            boolean noClockGiven = a.getTarget() instanceof CodeUnitCallTarget call
                    && call.getRawParameterTypes().stream().noneMatch(p -> p.isEquivalentTo(Clock.class));
            return (owner.getPackageName().equals("java.time") && name.equals("now") && noClockGiven)
                    || (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                    || (owner.isEquivalentTo(Clock.class) && name.startsWith("system"))
                    || (owner.getName().equals("java.util.Date") && name.equals("<init>") && noClockGiven);
        });
    }
}
