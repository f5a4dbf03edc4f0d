package io.handover.model;

/// An object of the schema that is not the same on both servers.
///
/// @param kind   `column`, `index`, `constraint`, `trigger`, `sequence`, `function` and so on
/// @param object its name with its schema, and its table's for what belongs to one
/// @param source its definition there; empty if the source does not have it
/// @param target the same for the target
public record SchemaDifference(String kind, String object, String source, String target) {

    /// True if `owner` has something that the other side lacks or has otherwise; false for what the other side has
    /// in addition.
    public boolean isLack(Side owner) {
        return !(owner == Side.SOURCE ? source : target).isEmpty();
    }
}
