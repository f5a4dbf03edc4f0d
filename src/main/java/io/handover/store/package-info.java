/// The user's own files: profiles, settings, remembered passwords, and what PostgreSQL's own clients keep
/// (`.pgpass`, the service file). Nothing here asks a server, and no profile file ever holds a secret.
package io.handover.store;
