/// The proof that both sides are equal: verdict by table, the rows and columns that differ, the newest rows side by
/// side.
package io.handover.ui.verify;
