package io.handover.engine.step;

import io.handover.model.Operator;
import io.handover.model.Plan;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Tells who is at this machine.
final class Operators {

    private static final String UNKNOWN = "unknown";

    private Operators() {}

    /// Whoever runs this program, with the roles of `plan`. May ask the resolver for the machine's name.
    static Operator here(Plan plan) {
        return new Operator(
                System.getProperty("user.name", UNKNOWN),
                machine(),
                plan.source().user(),
                plan.target().user());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return UNKNOWN; // the name resolves to nothing: no reason not to compare
        }
    }
}
