package io.handover.ui.connect;

import io.handover.engine.Desk;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Reach;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.Navigation;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Problems;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import io.handover.ui.fx.FxFeed;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// Two servers, their tests, the migration between them, and what the preflight found.
public final class ConnectViewModel {

    private final UiContext context;
    private final Texts texts;
    private final RandomGenerator random;
    private final EndpointForm source;
    private final EndpointForm target;
    private final Passwords passwords;
    private final ProfileShelf shelf;
    private final ConnectionTest sourceTest;
    private final ConnectionTest targetTest;
    private final ObjectProperty<Reach> sourceReach = new SimpleObjectProperty<>(Reach.same());
    private final ObjectProperty<Reach> targetReach = new SimpleObjectProperty<>(Reach.same());
    private final ReadOnlyObjectWrapper<List<Desk.Saved>> saved = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper connecting = new ReadOnlyBooleanWrapper();
    private final ObservableValue<Optional<PrimaryAction>> primary;

    /// Begins with the profiles used last.
    public ConnectViewModel(UiContext context) {
        this(context, new SecureRandom());
    }

    /// @param random for the ids of new migrations
    ConnectViewModel(UiContext context, RandomGenerator random) {
        this.context = context;
        this.texts = context.texts();
        this.random = random;
        this.source = new EndpointForm(Side.SOURCE, texts);
        this.target = new EndpointForm(Side.TARGET, texts);
        this.passwords = new Passwords(context);
        this.shelf = new ProfileShelf(context);
        this.sourceTest = new ConnectionTest(context, source, passwords);
        this.targetTest = new ConnectionTest(context, target, passwords);
        this.primary = Derived.of(this::action, context.state(), source.profile(), target.profile(), connecting);
        var settings = context.store().settings().get();
        var profiles = context.store().profiles();
        profiles.named(settings.source()).ifPresent(source::fill);
        profiles.named(settings.target()).ifPresent(target::fill);
        context.state().subscribe(now -> now.ifPresent(this::show));
    }

    /// One of the two forms.
    public EndpointForm form(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /// One of the two tests.
    public ConnectionTest test(Side side) {
        return side == Side.SOURCE ? sourceTest : targetTest;
    }

    /// Remembered passwords.
    public Passwords passwords() {
        return passwords;
    }

    /// Profiles to choose from.
    public ProfileShelf shelf() {
        return shelf;
    }

    /// How the other server reaches `side`.
    public ObjectProperty<Reach> reach(Side side) {
        return side == Side.SOURCE ? sourceReach : targetReach;
    }

    /// Migrations of this computer that have something on a server, newest first.
    public ReadOnlyObjectProperty<List<Desk.Saved>> saved() {
        return saved.getReadOnlyProperty();
    }

    /// Why the last attempt to begin or go on failed; empty if it did not.
    public ReadOnlyObjectProperty<Optional<Problem>> problem() {
        return problem.getReadOnlyProperty();
    }

    /// Whether both servers are being reached right now.
    public ReadOnlyBooleanProperty connecting() {
        return connecting.getReadOnlyProperty();
    }

    /// The state of the migration that was begun or found; empty before.
    public ReadOnlyObjectProperty<Optional<MigrationState>> state() {
        return context.state();
    }

    /// One sentence on how things stand.
    public ObservableValue<String> subtitle() {
        return Derived.of(this::sentence, context.state(), connecting);
    }

    /// Check, or check again.
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return primary;
    }

    /// Whether the snapshot can be planned.
    public ObservableValue<Boolean> canGoNext() {
        return Derived.of(
                () -> Navigation.reachable(PageId.SNAPSHOT, context.state().get()), context.state());
    }

    /// Whether other servers can still be chosen: while nothing of Handover is on these.
    public ObservableValue<Boolean> canChange() {
        return context.state()
                .map(state -> state.map(now -> now.stage().leavesServersUntouched() && !now.busy())
                        .orElse(false));
    }

    /// Looks for migrations on this computer again.
    public void enter() {
        if (context.migration().get().isEmpty()) {
            FxFeed.whenDone(
                    context.work(() -> context.desk().saved()),
                    found -> saved.set(found.stream()
                            .filter(one -> !one.stage().leavesServersUntouched())
                            .toList()),
                    failure -> problem.set(Optional.of(Problems.of(failure, texts))));
        }
    }

    /// Connects both servers: goes on with the migration that runs between them, or begins one and checks.
    public void check() {
        if (context.migration().get().isPresent()) {
            context.submit(new Command.Check());
            return;
        }
        source.complain().set(true);
        target.complain().set(true);
        if (source.typed().isEmpty() || target.typed().isEmpty() || connecting.get()) {
            return;
        }
        var from = passwords.complete(source.typed().get());
        var to = passwords.complete(target.typed().get());
        var plan = Plan.of(MigrationId.random(random), from.profile(), to.profile())
                .with(sourceReach.get(), targetReach.get());
        connect(context.desk()
                .attach(from, to)
                .thenCompose(running -> running.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> context.desk().begin(plan, credentials(from, to)))));
    }

    /// Goes on with a migration of this computer. Where a password is missing its field says so.
    public void resume(Desk.Saved migration) {
        if (connecting.get()) {
            return;
        }
        source.fill(migration.source());
        target.fill(migration.target());
        source.typed()
                .ifPresent(from -> target.typed()
                        .ifPresent(to -> connect(context.desk()
                                .resume(
                                        migration.id(),
                                        credentials(passwords.complete(from), passwords.complete(to))))));
    }

    /// Runs a finding's remedy.
    public void fix(Finding finding) {
        context.submit(new Command.Fix(finding));
    }

    /// Tries the failed check again.
    public void retry() {
        context.submit(new Command.Retry());
    }

    /// Lets go of a migration that has not begun, so that other servers can be chosen.
    public void change() {
        if (canChange().getValue()) {
            context.letGo();
            enter();
        }
    }

    /// Source becomes target and the other way round.
    public void swap() {
        source.swap(target);
    }

    private static Credentials credentials(Endpoint from, Endpoint to) {
        return new Credentials(from.password(), to.password());
    }

    private void connect(CompletableFuture<Migration> found) {
        connecting.set(true);
        problem.set(Optional.empty());
        FxFeed.whenDone(found, this::connected, failure -> {
            connecting.set(false);
            problem.set(Optional.of(Problems.of(failure, texts)));
        });
    }

    private void connected(Migration migration) {
        connecting.set(false);
        for (EndpointForm form : List.of(source, target)) {
            form.typed()
                    .ifPresent(typed -> passwords.keep(typed, form.remember().get()));
        }
        context.store()
                .settings()
                .change(s -> s.with(source.name().get(), target.name().get()));
        context.open(migration);
        if (migration.state().get().stage() == Stage.DRAFT) {
            context.submit(new Command.Check());
        }
    }

    /// The forms show what the migration is about, wherever it came from.
    private void show(MigrationState now) {
        var plan = now.plan();
        if (!source.profile().getValue().equals(Optional.of(plan.source()))) {
            source.fill(plan.source());
        }
        if (!target.profile().getValue().equals(Optional.of(plan.target()))) {
            target.fill(plan.target());
        }
        sourceReach.set(plan.sourceReach());
        targetReach.set(plan.targetReach());
    }

    private Optional<PrimaryAction> action() {
        var state = context.state().get();
        if (state.isEmpty()) {
            var reason = connecting.get()
                    ? Optional.of(texts.get("connect.connecting"))
                    : Arrays.asList(source, target).stream()
                            .flatMap(form -> form.wrong().stream())
                            .findFirst();
            return Optional.of(PrimaryAction.of(texts.get("connect.check"), reason, this::check));
        }
        var stage = state.get().stage();
        return stage == Stage.DRAFT || stage == Stage.CHECKED
                ? Optional.of(PrimaryAction.of(
                                texts.get("connect.checkAgain"), context.refusal(new Command.Check()), this::check)
                        .quietly())
                : Optional.empty();
    }

    private String sentence() {
        if (connecting.get()) {
            return texts.get("connect.connecting");
        }
        var state = context.state().get();
        if (state.isEmpty()) {
            return texts.get("connect.subtitle");
        }
        var now = state.get();
        if (!now.stage().leavesServersUntouched()) {
            return texts.get("connect.subtitle.running");
        }
        if (now.busy() || now.preflight().isEmpty()) {
            return texts.get(now.busy() ? "connect.subtitle.checking" : "connect.subtitle.unchecked");
        }
        long blockers = now.preflight().get().count(Severity.BLOCKER);
        return blockers > 0 ? texts.count("connect.subtitle.blocked", blockers) : texts.get("connect.subtitle.ready");
    }
}
