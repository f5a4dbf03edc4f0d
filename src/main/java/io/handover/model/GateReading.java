package io.handover.model;

/// One condition that must hold before writes are stopped.
///
/// @param id         stable name, for example `lag`
/// @param open       whether it holds
/// @param title      the condition, for example `The target keeps up`
/// @param detail     what was measured
/// @param remedy     what to do if it does not hold; empty if it does
/// @param overriding whether one can go on although it does not hold
public record GateReading(String id, boolean open, String title, String detail, String remedy, Overriding overriding) {

    /// One that cannot be overridden, for no reason worth telling: it is open, or nothing is known about it.
    public GateReading(String id, boolean open, String title, String detail, String remedy) {
        this(id, open, title, detail, remedy, new Overriding.Never(""));
    }
}
