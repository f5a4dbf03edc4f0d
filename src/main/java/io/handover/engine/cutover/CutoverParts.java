package io.handover.engine.cutover;

import io.handover.model.PasswordLookup;
import java.util.List;

/// What a cutover needs from elsewhere.
///
/// @param gates  the conditions
/// @param work   done in the pause, in order
/// @param check  the last look
/// @param hooks  runs the user's commands
/// @param points told of what was passed
/// @param consoles passwords of the consoles of PgBouncers
public record CutoverParts(
        GateReader gates,
        List<PauseWork> work,
        FinalCheck check,
        HookRunner hooks,
        Points points,
        PasswordLookup consoles) {

    /// Copies the list.
    public CutoverParts {
        work = List.copyOf(work);
    }
}
