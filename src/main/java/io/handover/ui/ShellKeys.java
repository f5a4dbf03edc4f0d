package io.handover.ui;

import javafx.collections.ObservableMap;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;

/// The window's keys; the help overlay lists them.
final class ShellKeys {

    private static final KeyCode[] DIGITS = {
        KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4, KeyCode.DIGIT5, KeyCode.DIGIT6
    };

    private ShellKeys() {}

    static void install(ObservableMap<KeyCombination, Runnable> keys, Shell shell) {
        keys.put(new KeyCodeCombination(KeyCode.LEFT, KeyCombination.ALT_DOWN), shell::back);
        keys.put(new KeyCodeCombination(KeyCode.RIGHT, KeyCombination.ALT_DOWN), shell::next);
        keys.put(shortcut(KeyCode.ENTER), shell::primary);
        keys.put(shortcut(KeyCode.L), shell::toggleDrawer);
        keys.put(shortcut(KeyCode.COMMA), () -> shell.go(PageId.SETTINGS));
        keys.put(new KeyCodeCombination(KeyCode.F1), shell::toggleHelp);
        for (int i = 0; i < DIGITS.length; i++) {
            var page = PageId.STEPS.get(i);
            keys.put(shortcut(DIGITS[i]), () -> shell.go(page));
        }
    }

    private static KeyCodeCombination shortcut(KeyCode code) {
        return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
    }
}
