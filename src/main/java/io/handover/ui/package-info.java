/// The window: shell, navigation, and what pages are given and must offer. Each screen has a package of its own
/// with an `XxxPage` (structure and bindings) and an `XxxViewModel` (state and commands); screens know the shell's
/// contract, the shell knows no screen.
package io.handover.ui;
