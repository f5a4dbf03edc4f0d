package io.handover.ui.control;

import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/// The words of the window, from `texts.properties`.
public final class Texts {

    private final ResourceBundle bundle;

    private Texts(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /// The texts for `locale`, English where there are none.
    public static Texts of(Locale locale) {
        return new Texts(ResourceBundle.getBundle("io.handover.texts", locale));
    }

    /// The text named `key`.
    ///
    /// @throws MissingResourceException if there is none: a mistake of the program, found by the first test
    public String get(String key) {
        return bundle.getString(key);
    }

    /// The text named `key` with `{0}`, `{1}` … replaced. Apostrophes and braces in it are themselves, and so
    /// is everything in `values`, which may come from a catalogue.
    public String get(String key, Object... values) {
        var text = get(key);
        var result = new StringBuilder(text.length() + 32);
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
            int close = text.indexOf('}', open);
            int index = close == open + 2 ? text.charAt(open + 1) - '0' : -1;
            if (index >= 0 && index < values.length) {
                result.append(text, from, open).append(values[index]);
                from = close + 1;
            }
        }
        return result.append(text, from, text.length()).toString();
    }

    /// `key.one` for exactly one, else `key.many`; `{0}` is the number with its thousands set off, `{1}` …
    /// are `values`.
    public String count(String key, long number, Object... values) {
        var all = new Object[values.length + 1];
        all[0] = Format.count(number);
        System.arraycopy(values, 0, all, 1, values.length);
        return get(key + (number == 1 ? ".one" : ".many"), all);
    }

    /// The text for a constant: `key.` and its name in lower case.
    public String of(String key, Enum<?> constant) {
        return get(key + "." + constant.name().toLowerCase(Locale.ROOT));
    }
}
