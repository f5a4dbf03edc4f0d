/// The whole of Handover.
///
/// Open, because JavaFX, Jackson and picocli look into its classes by reflection. It exports
/// nothing: nobody compiles against it.
@org.jspecify.annotations.NullMarked
open module io.handover {
    requires atlantafx.base;
    requires com.zaxxer.hikari;
    requires info.picocli;
    requires java.logging;
    requires java.management;
    requires java.net.http;
    requires java.sql;
    requires javafx.controls;
    requires org.controlsfx.controls;
    requires org.kordamp.ikonli.feather;
    requires org.kordamp.ikonli.javafx;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires run.endive.runtime;
    requires run.endive.wasm;
    requires tools.jackson.databind;
    requires static embedded.postgres;
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;
}
