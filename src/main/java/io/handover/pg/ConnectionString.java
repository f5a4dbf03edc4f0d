package io.handover.pg;

import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.Reach;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import java.util.ArrayList;
import java.util.List;

/// How one server reaches the other: a libpq connection string, with the password and without.
///
/// It prints without the password; only `reveal` has it.
public final class ConnectionString {

    private static final String MASK = "••••••";

    /// A follower before 15 does not ask for these, and would read a date as `SQL, DMY` or a number of 15 digits, as
    /// the owner's database or role may have them, for what it is not.
    private static final String FORMS = "-c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=3";

    private final String full;
    private final String shown;
    private final Secret password;

    private ConnectionString(String full, String shown, Secret password) {
        this.full = full;
        this.shown = shown;
        this.password = password;
    }

    /// For `owner` as the follower sees it.
    ///
    /// @param reach         its address there
    /// @param application   `application_name` on the owner. Given always, because the follower's environment
    ///                      could otherwise put in another
    /// @param followerMajor the follower's major version, which is about the version of its libpq
    public static ConnectionString of(Endpoint owner, Reach reach, String application, int followerMajor) {
        Profile profile = owner.profile();
        List<String> parts = new ArrayList<>();
        parts.add(part("host", reach.hostOf(profile)));
        parts.add(part("port", Integer.toString(reach.portOf(profile))));
        parts.add(part("dbname", profile.database()));
        parts.add(part("user", profile.user()));
        parts.add(part("sslmode", profile.tls().word()));
        boolean verified = profile.tls() == TlsMode.VERIFY_CA || profile.tls() == TlsMode.VERIFY_FULL;
        if (verified && profile.rootCertificate().isEmpty() && followerMajor >= 16) {
            // as this computer does; an older libpq, and a certificate of one's own, need root.crt on the
            // follower
            parts.add(part("sslrootcert", "system"));
        }
        parts.add(part("application_name", application));
        parts.add(part("options", FORMS));
        parts.add("connect_timeout=10 keepalives_idle=10 keepalives_interval=5 keepalives_count=3");
        String open = String.join(" ", parts);
        Secret password = owner.password();
        return password.isNone()
                ? new ConnectionString(open, open, password)
                : new ConnectionString(
                        open + " " + part("password", password.reveal()), open + " password=" + MASK, password);
    }

    /// The whole, for the server only.
    String reveal() {
        return full;
    }

    /// The whole without the password, for people.
    public String shown() {
        return shown;
    }

    /// `text` without the password, in whatever form it was quoted.
    String masked(String text) {
        if (password.isNone()) {
            return text;
        }
        String plain = password.reveal();
        String inConnection = escaped(plain);
        String inLiteral = inConnection.replace("'", "''");
        String result = text;
        for (String form : List.of(inLiteral.replace("\\", "\\\\"), inLiteral, inConnection, plain)) {
            result = result.replace(form, MASK);
        }
        return result;
    }

    @Override
    public String toString() {
        return shown;
    }

    private static String part(String word, String value) {
        return word + "='" + escaped(value) + "'";
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("'", "\\'");
    }
}
