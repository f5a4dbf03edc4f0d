package io.handover.demo;

import io.handover.model.Endpoint;

/// Where everybody in the application looks before a transaction: the database's present address. Thread-safe.
final class AddressBoard {

    private Address now;

    AddressBoard(Endpoint first) {
        now = new Address(0, first);
    }

    synchronized Address now() {
        return now;
    }

    /// The database is at `endpoint` from now on; the same address again changes nothing.
    synchronized void moveTo(Endpoint endpoint) {
        if (!endpoint.equals(now.endpoint())) {
            now = new Address(now.number() + 1, endpoint);
        }
    }
}
