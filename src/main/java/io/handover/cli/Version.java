package io.handover.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Handover's own version: the one that the build has written into the module's descriptor, so that a jar,
/// a folder and an image with its own Java tell the same.
public final class Version {

    private static final String UNKNOWN = "unknown";

    private Version() {}

    /// For example `0.1.0`; `unknown` where the classes were compiled without it.
    public static String current() {
        return Optional.ofNullable(Version.class.getModule().getDescriptor())
                .or(Version::besideTheClasses)
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse(UNKNOWN);
    }

    /// On a class path a descriptor is a file like any other.
    private static Optional<ModuleDescriptor> besideTheClasses() {
        try {
            Path file = Path.of(Version.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("module-info.class");
            try (InputStream descriptor = Files.newInputStream(file)) {
                return Optional.of(ModuleDescriptor.read(descriptor));
            }
        } catch (IOException | URISyntaxException e) {
            return Optional.empty(); // a version that cannot be told is told so; it stops nothing
        }
    }
}
