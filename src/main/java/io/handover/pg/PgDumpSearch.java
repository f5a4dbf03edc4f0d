package io.handover.pg;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What the search for a `pg_dump` on this computer found.
public sealed interface PgDumpSearch {

    /// One that can dump the source: its major version is the source's or higher.
    sealed interface Usable extends PgDumpSearch {

        /// Its major version.
        int major();

        /// Which one it is, for people.
        String display();
    }

    /// A program; the lowest sufficient version there is.
    ///
    /// @param path    the program
    /// @param major   its major version
    /// @param version as it says itself, for example `15.18`
    record Found(Path path, int major, String version) implements Usable {

        @Override
        public String display() {
            Path folder = path.getParent();
            return "pg_dump " + version + (folder == null ? "" : " from " + folder);
        }
    }

    /// The one that is a part of Handover, since no program will do.
    ///
    /// @param major   its major version
    /// @param version for example `18.3`
    record BuiltIn(int major, String version) implements Usable {

        @Override
        public String display() {
            return "the built-in pg_dump " + version;
        }
    }

    /// There are some, all older than the source; `pg_dump` refuses a server newer than itself.
    ///
    /// @param found  what there is
    /// @param needed the source's major version
    record TooOld(List<Found> found, int needed) implements PgDumpSearch {

        /// Copies the list.
        public TooOld {
            found = List.copyOf(found);
        }
    }

    /// There is none.
    ///
    /// @param needed the source's major version
    record Missing(int needed) implements PgDumpSearch {}

    /// How to get one, for people.
    ///
    /// @param major the lowest major version that will do
    static String howToInstall(int major) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return "Install the command line tools of PostgreSQL " + major
                    + " or newer with the installer from postgresql.org, then try again.";
        }
        if (system.contains("mac")) {
            return "Run `brew install postgresql@" + major + "` (or a newer version), or install Postgres.app, then try"
                    + " again.";
        }
        return "Install the package postgresql-client-" + major + " (Debian, Ubuntu) or postgresql" + major
                + " (Red Hat, SUSE), or a newer version, from your distribution or from postgresql.org, then try again.";
    }
}
