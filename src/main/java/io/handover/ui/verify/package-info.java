/// The proof that both sides are equal: verdict by table, the rows and columns that differ, the newest rows side by
/// side, what of the schema is not the same, and the repair of rows, whose SQL is shown before it runs.
package io.handover.ui.verify;
