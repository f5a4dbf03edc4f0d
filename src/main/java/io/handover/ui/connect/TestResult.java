package io.handover.ui.connect;

import io.handover.model.ServerInfo;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Chip;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What a test of the connection found: version, latency, TLS, what the role may do; or the problem.
final class TestResult extends VBox {

    private final Texts texts;
    private final Label headline = new Label();
    private final FlowPane facts = new FlowPane();

    TestResult(String id, ConnectionTest test, Texts texts) {
        this.texts = texts;
        setId(id + "-result");
        getStyleClass().add("test-result");
        headline.setId(id + "-result-headline");
        headline.getStyleClass().add("test-headline");
        headline.setWrapText(true);
        facts.getStyleClass().add("facts");
        facts.setMinWidth(0);
        facts.setPrefWrapLength(100);
        // Its least height is meant for that width, and would be kept at every other
        facts.setMinHeight(0);
        var banner = new Banner(
                texts,
                test.state()
                        .map(state -> state instanceof TestState.Failed(var problem)
                                ? Optional.of(Message.of(Tone.BAD, problem))
                                : Optional.empty()));
        banner.setId(id + "-problem");
        headline.managedProperty().bind(headline.visibleProperty());
        facts.managedProperty().bind(facts.visibleProperty());
        getChildren().addAll(headline, facts, banner);
        test.state().subscribe(this::show);
    }

    private void show(TestState state) {
        facts.setVisible(state instanceof TestState.Reached);
        headline.setVisible(state instanceof TestState.Reached || state instanceof TestState.Running);
        switch (state) {
            case TestState.Untested _, TestState.Failed _ -> {
                // The banner says the one, and there is nothing to say of the other
            }
            case TestState.Running _ -> {
                headline.setText(texts.get("connect.testing"));
                headline.setGraphic(new FontIcon(Feather.LOADER));
                Tone.PLAIN.paint(headline);
            }
            case TestState.Reached(var info) -> reached(info);
        }
    }

    private void reached(ServerInfo info) {
        headline.setText(
                info.latency().toMillis() == 0
                        ? texts.get("connect.reached.atOnce", info.version())
                        : texts.get("connect.reached", info.version(), Format.duration(info.latency())));
        headline.setGraphic(new FontIcon(Feather.CHECK_CIRCLE));
        Tone.GOOD.paint(headline);
        facts.getChildren()
                .setAll(
                        info.tls().isEmpty()
                                ? new Chip(Tone.WARN, Feather.UNLOCK, texts.get("connect.fact.noTls"))
                                : new Chip(Tone.GOOD, Feather.LOCK, info.tls()),
                        new Chip(Tone.PLAIN, Feather.USER, role(info)),
                        new Chip(Tone.PLAIN, Feather.HARD_DRIVE, Format.bytes(info.databaseBytes())),
                        new Chip(Tone.PLAIN, texts.get("connect.fact.wal", info.walLevel())),
                        new Chip(Tone.PLAIN, info.encoding()));
        if (!info.replication() && !info.superuser()) {
            facts.getChildren().add(new Chip(Tone.WARN, texts.get("connect.fact.noReplication")));
        }
        if (info.inRecovery()) {
            facts.getChildren().add(new Chip(Tone.BAD, texts.get("connect.fact.standby")));
        }
    }

    private String role(ServerInfo info) {
        if (info.superuser()) {
            return texts.get("connect.fact.superuser", info.user());
        }
        return info.replication() ? texts.get("connect.fact.replication", info.user()) : info.user();
    }
}
