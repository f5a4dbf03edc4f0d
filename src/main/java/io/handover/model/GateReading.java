package io.handover.model;

/// One condition that must hold before writes are stopped.
///
/// @param id     stable name, for example `lag`
/// @param open   whether it holds
/// @param title  the condition, for example `The target keeps up`
/// @param detail what was measured
/// @param remedy what to do if it does not hold; empty if it does
public record GateReading(String id, boolean open, String title, String detail, String remedy) {}
