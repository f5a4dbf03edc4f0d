package io.handover.archbait.model;

public record Thing(String name) {}
