package io.handover.model;

/// A profile and the password that goes with it. Lives in memory only.
///
/// @param profile  how to reach the database
/// @param password what to log in with
public record Endpoint(Profile profile, Secret password) {}
