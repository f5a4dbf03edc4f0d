package io.handover.ui.connect;

import io.handover.ui.UiContext;
import io.handover.ui.control.Problems;
import io.handover.ui.fx.FxFeed;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// Tests one form's connection. A change of the form makes an earlier result void. JavaFX thread.
public final class ConnectionTest {

    private final UiContext context;
    private final EndpointForm form;
    private final Passwords passwords;
    private final ReadOnlyObjectWrapper<TestState> state = new ReadOnlyObjectWrapper<>(new TestState.Untested());
    private int turn;

    /// Of `form`.
    public ConnectionTest(UiContext context, EndpointForm form, Passwords passwords) {
        this.context = context;
        this.form = form;
        this.passwords = passwords;
        form.profile().subscribe(_ -> forget());
        form.password().subscribe(_ -> forget());
    }

    /// How it stands.
    public ReadOnlyObjectProperty<TestState> state() {
        return state.getReadOnlyProperty();
    }

    /// Connects once. Points out what is missing if the form is not complete.
    public void run() {
        form.complain().set(true);
        if (form.typed().isEmpty()) {
            return;
        }
        var typed = form.typed().get();
        int mine = ++turn;
        state.set(new TestState.Running());
        FxFeed.whenDone(
                context.desk().test(passwords.complete(typed)),
                info -> {
                    if (mine == turn) {
                        state.set(new TestState.Reached(info));
                        passwords.keep(typed, form.remember().get());
                    }
                },
                failure -> {
                    if (mine == turn) {
                        state.set(new TestState.Failed(Problems.of(failure, context.texts())));
                    }
                });
    }

    private void forget() {
        turn++;
        state.set(new TestState.Untested());
    }
}
