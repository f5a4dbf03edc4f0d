package io.handover;

import io.handover.demo.ShopSchema;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// The arguments of `handover demo`.
///
/// @param autopilot drives the window by itself, without a display
/// @param servers   shows no window: both servers and the application, for the commands in another terminal
/// @param pictures  where the autopilot's pictures go
/// @param scale     of the shop
/// @param quick     leaves the roll back out
record DemoOptions(boolean autopilot, boolean servers, Path pictures, double scale, boolean quick) {

    static final String USAGE = "usage: handover demo [--autopilot | --servers] [--pictures DIR] [--scale X] [--quick]";

    private static final Path PICTURES = Path.of("target", "demo");

    /// @param arguments behind the word `demo`
    /// @throws IllegalArgumentException in words for people
    static DemoOptions parse(List<String> arguments) {
        boolean autopilot = false;
        boolean servers = false;
        boolean quick = false;
        Path pictures = PICTURES;
        double scale = ShopSchema.FULL;
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--autopilot" -> autopilot = true;
                case "--servers" -> servers = true;
                case "--quick" -> quick = true;
                case "--pictures" -> pictures = Path.of(value(option, rest));
                case "--scale" -> scale = scale(value(option, rest));
                default -> throw new IllegalArgumentException("There is no option " + option + ".");
            }
        }
        if (autopilot && servers) {
            throw new IllegalArgumentException("--servers shows no window, so --autopilot has none to drive.");
        }
        return new DemoOptions(autopilot, servers, pictures, scale, quick);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return rest.next();
    }

    private static double scale(String text) {
        try {
            double scale = Double.parseDouble(text);
            if (scale > 0 && scale <= 1000) {
                return scale;
            }
        } catch (NumberFormatException _) {
            // said below, with the range
        }
        throw new IllegalArgumentException("The scale must be a number over 0 and at most 1000, not " + text + ".");
    }
}
