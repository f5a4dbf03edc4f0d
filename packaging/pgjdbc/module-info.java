// What the pgjdbc jar lacks to be a module; the build adds it, so that jlink takes the jar.
module org.postgresql.jdbc {
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires java.security.jgss;
    requires java.security.sasl;
    requires transitive java.sql;
    requires transitive java.transaction.xa;
    requires java.xml;

    exports org.postgresql;
    exports org.postgresql.copy;
    exports org.postgresql.core;
    exports org.postgresql.ds;
    exports org.postgresql.ds.common;
    exports org.postgresql.fastpath;
    exports org.postgresql.geometric;
    exports org.postgresql.hostchooser;
    exports org.postgresql.jdbc;
    exports org.postgresql.jdbcurlresolver;
    exports org.postgresql.largeobject;
    exports org.postgresql.plugin;
    exports org.postgresql.replication;
    exports org.postgresql.replication.fluent;
    exports org.postgresql.replication.fluent.logical;
    exports org.postgresql.replication.fluent.physical;
    exports org.postgresql.ssl;
    exports org.postgresql.util;
    exports org.postgresql.xa;

    provides java.sql.Driver with
            org.postgresql.Driver;

    uses java.sql.Driver;
}
