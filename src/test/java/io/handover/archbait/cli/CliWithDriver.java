package io.handover.archbait.cli;

public record CliWithDriver(com.zaxxer.hikari.HikariDataSource pool) {}
