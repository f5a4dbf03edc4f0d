package io.handover.demo;

import io.handover.model.Endpoint;

/// Where the application's database is, at one time.
///
/// @param number   counts the moves, from 0
/// @param endpoint how to log in
record Address(int number, Endpoint endpoint) {

    /// `host:port/database`, for people.
    String name() {
        return endpoint.profile().address();
    }
}
