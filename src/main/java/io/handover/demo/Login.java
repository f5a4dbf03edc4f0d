package io.handover.demo;

import io.handover.model.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// Opens connections as an application would: with the driver's defaults, and none of Handover's own care.
final class Login {

    private Login() {}

    /// A new connection; the caller closes it.
    ///
    /// @param application shown in `pg_stat_activity`
    static Connection open(Endpoint endpoint, String application) throws SQLException {
        return open(endpoint, application, "extended");
    }

    /// A new connection that can send a whole script at once, whatever stands in its function bodies: the
    /// driver passes it on as it is.
    static Connection forScripts(Endpoint endpoint, String application) throws SQLException {
        return open(endpoint, application, "simple");
    }

    private static Connection open(Endpoint endpoint, String application, String queryMode) throws SQLException {
        var profile = endpoint.profile();
        var properties = new Properties();
        // as a property, for in the URL it would have to be encoded
        properties.setProperty("PGDBNAME", profile.database());
        properties.setProperty("user", profile.user());
        properties.setProperty("password", endpoint.password().reveal());
        properties.setProperty("sslmode", profile.tls().word());
        properties.setProperty("ApplicationName", application);
        properties.setProperty("preferQueryMode", queryMode);
        properties.setProperty("connectTimeout", "10"); // seconds
        return DriverManager.getConnection(
                "jdbc:postgresql://" + profile.host() + ":" + profile.port() + "/", properties);
    }
}
