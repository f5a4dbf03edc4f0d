package io.handover.ui.control;

import java.util.Locale;

/// What an axis of a chart measures: its round steps and how its numbers are written.
public enum ChartUnit {
    /// Bytes, in PostgreSQL's units of 1024.
    BYTES(10 * 1024) {
        @Override
        double step(double rough) {
            double unit = unitOf(rough);
            double step = decimalStep(rough / unit);
            return step >= 1000 ? unit * 1024 : step * unit;
        }

        @Override
        String tick(double value, double step) {
            return value == 0 ? "0" : grouped(value / unitOf(step)) + " " + nameOf(unitOf(step));
        }

        @Override
        public String format(double value) {
            return Format.bytes(value);
        }
    },
    /// Seconds; minutes and hours where they read better.
    SECONDS(1) {
        @Override
        double step(double rough) {
            if (rough <= 10) {
                return decimalStep(rough);
            }
            for (int step : new int[] {15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200}) {
                if (rough <= step) {
                    return step;
                }
            }
            return decimalStep(rough / 86_400) * 86_400;
        }

        @Override
        String tick(double value, double step) {
            if (value == 0) {
                return "0";
            }
            return value < 60 || (step < 60 && value < 120) ? grouped(value) + " s" : format(value);
        }

        @Override
        public String format(double value) {
            return Format.seconds(value);
        }
    },
    /// A count of rows: whole numbers only.
    ROWS(10) {
        @Override
        double step(double rough) {
            return Math.max(1, decimalStep(rough));
        }

        @Override
        String tick(double value, double step) {
            if (step >= 1_000_000) {
                return grouped(value / 1_000_000) + " M";
            }
            return step >= 10_000 ? grouped(value / 1000) + " k" : grouped(value);
        }

        @Override
        public String format(double value) {
            return grouped(value) + (value == 1 ? " row" : " rows");
        }
    };

    private static final String[] NAMES = {"B", "kB", "MB", "GB", "TB", "PB"};

    private final double least;

    ChartUnit(double least) {
        this.least = least;
    }

    /// The smallest top an axis may have, so that noise around nothing does not look like a mountain.
    double least() {
        return least;
    }

    /// The round step at or above `rough`, which is above 0.
    abstract double step(double rough);

    /// A tick's label; `step` decides the unit, so that one axis has one.
    abstract String tick(double value, double step);

    /// One value for people, with its unit.
    public abstract String format(double value);

    private static double decimalStep(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double part = rough / power;
        return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
    }

    private static double unitOf(double bytes) {
        double unit = 1;
        for (int i = 1; i < NAMES.length && bytes >= unit * 1024; i++) {
            unit *= 1024;
        }
        return unit;
    }

    private static String nameOf(double unit) {
        return NAMES[(int) Math.round(Math.log(unit) / Math.log(1024))];
    }

    private static String grouped(double value) {
        String form = value == Math.rint(value) ? "%,.0f" : Math.abs(value) < 0.1 ? "%.2f" : "%.1f";
        return String.format(Locale.ENGLISH, form, value);
    }
}
