package io.handover.ui;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.MigrationState;
import io.handover.model.Stage;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Message;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.Derived;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What is wrong with a migration that has come as far as a hand-over, and Retry where the engine takes it: a failure
/// must not hide behind the good news on the same page.
public final class TroubleBanner {

    private TroubleBanner() {}

    /// Says what is wrong with the migration of `context`; takes no room while nothing is, or while a step
    /// runs. JavaFX thread.
    ///
    /// @param id of the banner; its button is `<id>-retry`
    public static Node of(UiContext context, String id) {
        var retry = new Button(context.texts().get("trouble.retry"), new FontIcon(Feather.ROTATE_CW));
        retry.setId(id + "-retry");
        retry.setOnAction(_ -> context.submit(new Command.Retry()));
        retry.visibleProperty()
                .bind(Derived.of(() -> context.refusal(new Command.Retry()).isEmpty(), context.state()));
        retry.managedProperty().bind(retry.visibleProperty());
        var banner = new Banner(context.texts(), context.state().map(state -> state.flatMap(TroubleBanner::message)));
        banner.setId(id);
        return banner.with(retry);
    }

    /// Whether the migration stands still until a person decides.
    public static boolean stuck(MigrationState state) {
        return state.stage() == Stage.FAILED || state.stage() == Stage.UNSURE;
    }

    /// What the account of the last hand-over says by itself is not said twice.
    private static Optional<Message> message(MigrationState state) {
        if (state.busy()) {
            return Optional.empty();
        }
        return state.problem()
                .filter(problem -> stuck(state)
                        || state.lastCutover()
                                .flatMap(CutoverReport::problem)
                                .filter(problem::equals)
                                .isEmpty())
                .map(problem -> Message.of(stuck(state) ? Tone.BAD : Tone.WARN, problem));
    }
}
