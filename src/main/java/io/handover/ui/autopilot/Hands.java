package io.handover.ui.autopilot;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.ui.fx.FxFeed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/// Touches the controls of a window as a user would: only what is shown and enabled, letter by letter, and never
/// anything behind it. Used on a thread of its own.
final class Hands {

    /// The JavaFX thread answers within milliseconds; longer, and the window hangs.
    private static final Duration WINDOW_HANGS = Duration.ofSeconds(60);

    private static final Duration CONTROL_APPEARS = Duration.ofSeconds(30);
    private static final long LOOK_EVERY = 100; // milliseconds
    private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");

    private final Scene scene;
    private final Gate gate;

    /// @param gate its stop ends every wait
    Hands(Scene scene, Gate gate) {
        this.scene = scene;
        this.gate = gate;
    }

    /// What `look` sees on the JavaFX thread.
    <T> T see(Supplier<T> look) throws Stuck, InterruptedException {
        var seen = new CompletableFuture<T>();
        FxFeed.later(() -> {
            try {
                seen.complete(look.get());
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
            }
        });
        try {
            return seen.get(WINDOW_HANGS.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new Stuck("the window failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new Stuck("the window has not answered for " + WINDOW_HANGS.toSeconds() + " s", e);
        }
    }

    /// Waits until `condition` holds.
    ///
    /// @return false if it does not within `limit`
    boolean until(Duration limit, Look condition) throws Stuck, InterruptedException, StoppedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            gate.pause(LOOK_EVERY);
        }
        return true;
    }

    /// Presses the button `id` as soon as it can be pressed.
    void press(String id) throws Stuck, InterruptedException, StoppedException {
        press(id, CONTROL_APPEARS);
    }

    void press(String id, Duration limit) throws Stuck, InterruptedException, StoppedException {
        if (!until(limit, () -> see(() -> tryPress(id)))) {
            throw new Stuck(see(() -> find(id).map(Hands::words).orElse("There is no")) + " button #" + id
                    + " to be pressed. " + complaints());
        }
    }

    /// Types `text` into the field `id` in place of what it holds.
    void type(String id, String text) throws Stuck, InterruptedException, StoppedException {
        if (!until(CONTROL_APPEARS, () -> isReady(id))) {
            throw new Stuck("The field #" + id + " cannot be typed into. " + complaints());
        }
        var typed = see(() -> {
            var field = (TextField) find(id).orElseThrow();
            field.requestFocus();
            field.clear();
            text.codePoints().forEach(letter -> Event.fireEvent(field, typing(Character.toString(letter))));
            return field.getText();
        });
        if (!typed.equals(text)) {
            throw new Stuck("The field #" + id + " took '" + typed + "' for '" + text + "'");
        }
    }

    /// Chooses the first row of the table that is shown, if it has one.
    void chooseFirstRow() throws Stuck, InterruptedException {
        see(() -> {
            scene.getRoot().lookupAll(".table-view").stream()
                    .filter(Hands::isShown)
                    .map(TableView.class::cast)
                    .filter(table -> !table.getItems().isEmpty())
                    .findFirst()
                    .ifPresent(table -> table.getSelectionModel().selectFirst());
            return true;
        });
    }

    /// Whether `id` is shown and enabled.
    boolean isReady(String id) throws Stuck, InterruptedException {
        return see(() ->
                find(id).filter(node -> isShown(node) && !node.isDisabled()).isPresent());
    }

    /// Whether `id` is shown.
    boolean isShown(String id) throws Stuck, InterruptedException {
        return see(() -> find(id).filter(Hands::isShown).isPresent());
    }

    /// The text of the label `id`; empty if it is not shown.
    String text(String id) throws Stuck, InterruptedException {
        return see(() -> find(id).filter(Hands::isShown).map(Hands::words).orElse(""));
    }

    /// What the boxes on the page that are shown in red say; empty if there is none.
    String errors() throws Stuck, InterruptedException {
        return see(() -> scene.getRoot().lookupAll(".banner").stream()
                .filter(banner ->
                        isShown(banner) && banner.getPseudoClassStates().contains(BAD))
                .map(Hands::words)
                .collect(Collectors.joining(" ")));
    }

    /// Everything on the page that says why something does not go on.
    String complaints() throws Stuck, InterruptedException {
        return see(() -> {
            var banners = scene.getRoot().lookupAll(".banner").stream();
            var reasons = scene.getRoot().lookupAll(".why-not, .confirm-reason").stream();
            return java.util.stream.Stream.concat(reasons, banners)
                    .filter(Hands::isShown)
                    .map(Hands::words)
                    .filter(words -> !words.isBlank())
                    .collect(Collectors.joining(" "));
        });
    }

    private boolean tryPress(String id) {
        var button = find(id).filter(node -> isShown(node) && !node.isDisabled());
        button.ifPresent(node -> {
            node.requestFocus();
            ((ButtonBase) node).fire();
        });
        return button.isPresent();
    }

    private Optional<Node> find(String id) {
        return Optional.ofNullable(scene.lookup("#" + id));
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return node.getScene() != null;
    }

    /// The words of a control, or of all labels in a box.
    private static String words(Node node) {
        if (node instanceof Labeled label) {
            return label.getText();
        }
        return List.of(".banner-title", ".banner-text", ".banner-details").stream()
                .flatMap(part -> node.lookupAll(part).stream())
                .map(part -> ((Labeled) part).getText())
                .filter(words -> !words.isBlank())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static KeyEvent typing(String letter) {
        return new KeyEvent(KeyEvent.KEY_TYPED, letter, "", KeyCode.UNDEFINED, false, false, false, false);
    }

    /// Something that is or is not so.
    @FunctionalInterface
    interface Look {
        boolean holds() throws Stuck, InterruptedException, StoppedException;
    }
}
