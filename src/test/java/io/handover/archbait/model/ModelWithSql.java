package io.handover.archbait.model;

public record ModelWithSql(java.sql.Timestamp at) {}
