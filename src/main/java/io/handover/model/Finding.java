package io.handover.model;

/// The result of one preflight check that has something to say.
///
/// @param check    the check's stable name, for example `wal-level-source`
/// @param severity how much it matters
/// @param side     the server to change
/// @param title    what was found, with the measured values
/// @param why      what would happen otherwise
/// @param remedy   what to do; SQL where SQL does it, several statements end with `;` and newline; empty if
/// nothing can be done
/// @param fixable  whether Handover can run `remedy` itself
public record Finding(
        String check, Severity severity, Side side, String title, String why, String remedy, boolean fixable) {}
