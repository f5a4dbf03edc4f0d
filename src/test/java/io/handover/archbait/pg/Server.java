package io.handover.archbait.pg;

public record Server(String host) {}
