package io.handover.ui.verify;

import io.handover.model.LastRows;
import javafx.css.PseudoClass;
import javafx.scene.control.TableCell;

/// Shows values of columns so that NULL, an empty text and the text "NULL" look different.
final class Values {

    private static final PseudoClass NO_TEXT = PseudoClass.getPseudoClass("no-text");

    private Values() {}

    /// Puts `value` into `cell`.
    static void show(TableCell<?, ?> cell, String value) {
        boolean isNull = value.equals(LastRows.NULL_VALUE);
        cell.setText(isNull ? "NULL" : value.isEmpty() ? "''" : value);
        cell.pseudoClassStateChanged(NO_TEXT, isNull || value.isEmpty());
    }

    /// Puts nothing but `words` into `cell`.
    static void words(TableCell<?, ?> cell, String words) {
        cell.setText(words);
        cell.pseudoClassStateChanged(NO_TEXT, true);
    }
}
