package io.handover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final String BAIT = "io.handover.archbait";

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.handover");

    private static final JavaClasses BAITS = new ClassFileImporter().importPackages(BAIT);

    static List<ArchitectureRules.Baited> rules() {
        return new ArchitectureRules("io.handover").all();
    }

    static List<ArchitectureRules.Baited> rulesForBait() {
        return new ArchitectureRules(BAIT).all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theProductKeeps(ArchitectureRules.Baited baited) {
        baited.rule().check(PRODUCT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rulesForBait")
    void theBaitBreaks(ArchitectureRules.Baited baited) {
        var rejected = baited.rule().evaluate(BAITS).getFailureReport().getDetails();

        for (String bait : baited.baits().split(" ", -1)) {
            assertTrue(
                    rejected.stream().anyMatch(detail -> detail.contains("." + bait)),
                    () -> bait + " is not rejected; rejected: " + rejected);
        }
    }
}
