package io.handover.archbait.ui;

public record PageWithSql(java.sql.Connection connection) {}
