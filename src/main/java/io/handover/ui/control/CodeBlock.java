package io.handover.ui.control;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// SQL or other technical text to read, select and copy.
public final class CodeBlock extends StackPane {

    private static final int MOST_ROWS = 8;

    private final TextArea area = new TextArea();

    /// Shows `code`, at most eight rows high; longer texts scroll.
    public CodeBlock(Texts texts, String code) {
        getStyleClass().add("code-block");
        area.setEditable(false);
        area.setWrapText(true);
        area.setAccessibleText(texts.get("code.text"));
        // Tab leaves the text, as it does everywhere else in a form
        area.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.TAB && !e.isControlDown()) {
                var onward = new KeyEvent(
                        e.getEventType(), "", "", KeyCode.TAB, e.isShiftDown(), true, e.isAltDown(), e.isMetaDown());
                e.consume();
                area.fireEvent(onward);
            }
        });
        var copy = new Button("", new FontIcon(Feather.COPY));
        copy.getStyleClass().addAll("flat", "small", "code-copy");
        Hints.explain(copy, texts.get("copy"));
        copy.setOnAction(_ -> Hints.copy(area.getText()));
        StackPane.setAlignment(copy, Pos.TOP_RIGHT);
        getChildren().addAll(area, copy);
        setMinHeight(USE_PREF_SIZE);
        show(code);
    }

    /// Shows something else.
    public void show(String code) {
        String text = code.stripTrailing(); // an empty last line would bring a scroll bar
        area.setText(text);
        long rows = text.lines().mapToLong(line -> 1 + line.length() / 80).sum();
        area.setPrefRowCount(Math.clamp(rows, 1, MOST_ROWS));
    }
}
