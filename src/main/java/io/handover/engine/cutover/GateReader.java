package io.handover.engine.cutover;

import io.handover.model.GatesView;
import io.handover.model.Side;

/// Reads all conditions of a cutover now.
@FunctionalInterface
public interface GateReader {

    /// Reads them for a cutover from `owner`; a server that does not answer closes its gates.
    GatesView read(Side owner) throws InterruptedException;
}
