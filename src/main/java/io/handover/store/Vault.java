package io.handover.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM under a key made from a master password by PBKDF2-HMAC-SHA256.
///
/// The form: `HANDOVER`, version (1 byte), rounds (4 bytes), salt (16), nonce (12), then cipher text and tag. All
/// before the cipher text is authenticated with it, so that nobody can lower the rounds. Each sealing has a new
/// nonce; the salt is as old as the master password.
final class Vault {

    private static final byte[] MAGIC = "HANDOVER".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int ROUNDS = 600_000;
    /// More than anybody would wait for; a file that asks for it was made to make us wait.
    private static final int MOST_ROUNDS = 20_000_000;

    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int HEADER = 8 + 1 + 4 + SALT + NONCE;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;
    private final byte[] salt;
    private final int rounds;

    private Vault(SecretKey key, byte[] salt, int rounds) {
        this.key = key;
        this.salt = salt;
        this.rounds = rounds;
    }

    /// What was in an opened file, and the vault to seal it again.
    record Opened(Vault vault, String content) {}

    static Vault create(char[] master) {
        byte[] salt = random(SALT);
        return new Vault(key(master, salt, ROUNDS), salt, ROUNDS);
    }

    /// Empty if the master password is wrong or a byte was changed.
    ///
    /// @throws IOException if it is no such file, or of a version that is not known
    static Optional<Opened> open(byte[] sealed, char[] master) throws IOException {
        if (sealed.length < HEADER || !Arrays.equals(sealed, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("This is no file of remembered passwords.");
        }
        var in = ByteBuffer.wrap(sealed).position(MAGIC.length);
        byte version = in.get();
        if (version != VERSION) {
            throw new IOException("The remembered passwords are of version " + version
                    + ", which this Handover does not know: use a newer one.");
        }
        int rounds = in.getInt();
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IOException("The file of remembered passwords is damaged.");
        }
        byte[] salt = new byte[SALT];
        byte[] nonce = new byte[NONCE];
        in.get(salt).get(nonce);
        var vault = new Vault(key(master, salt, rounds), salt, rounds);
        try {
            var cipher = vault.cipher(Cipher.DECRYPT_MODE, nonce, Arrays.copyOf(sealed, HEADER));
            byte[] content = cipher.doFinal(sealed, HEADER, sealed.length - HEADER);
            return Optional.of(new Opened(vault, new String(content, StandardCharsets.UTF_8)));
        } catch (AEADBadTagException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    byte[] seal(String content) {
        byte[] nonce = random(NONCE);
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put(VERSION)
                .putInt(rounds)
                .put(salt)
                .put(nonce)
                .array();
        try {
            byte[] secret =
                    cipher(Cipher.ENCRYPT_MODE, nonce, header).doFinal(content.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(HEADER + secret.length)
                    .put(header)
                    .put(secret)
                    .array();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] header) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        return cipher;
    }

    private static SecretKey key(char[] master, byte[] salt, int rounds) {
        var spec = new PBEKeySpec(master, salt, rounds, 256);
        try {
            byte[] raw = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return new SecretKeySpec(raw, "AES");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// Every Java has these algorithms: the platform is broken, not the file.
    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java lacks AES-GCM or PBKDF2", e);
    }
}
