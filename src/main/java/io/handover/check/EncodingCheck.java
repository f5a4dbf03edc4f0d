package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ServerFacts;
import java.util.ArrayList;
import java.util.List;

/// Both databases should have the same encoding and collation.
final class EncodingCheck implements Check {

    @Override
    public String name() {
        return "encoding";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        ServerFacts source = with.sourceFacts();
        ServerFacts target = with.targetFacts();
        var findings = new ArrayList<Finding>();
        if (!source.encoding().equals(target.encoding())) {
            findings.add(
                    source.encoding().equals("SQL_ASCII") || target.encoding().equals("SQL_ASCII")
                            ? Findings.blocker(
                                    name(),
                                    Side.TARGET,
                                    "Encodings differ: " + source.encoding() + " and " + target.encoding(),
                                    "SQL_ASCII has no rule to convert by: texts could be refused or changed.",
                                    "Create the target with encoding '" + source.encoding() + "' template template0")
                            : Findings.warning(
                                    name(),
                                    Side.TARGET,
                                    "Encodings differ: " + source.encoding() + " and " + target.encoding(),
                                    "Characters that the target's encoding lacks would stop the copy. One that the source's"
                                            + " lacks, once written on the target after the cutover, stops the way"
                                            + " back for as long as the row is there: no roll back then.",
                                    "Create the target with encoding '" + source.encoding() + "' template template0"));
        }
        if (source.encoding().equals("SQL_ASCII") && target.encoding().equals("SQL_ASCII")) {
            findings.add(Findings.warning(
                    name(),
                    Side.SOURCE,
                    "The encoding is SQL_ASCII",
                    "The server does not look at the bytes of a text, but Handover reads UTF-8: texts that are something"
                            + " else stop the copy, or the comparison.",
                    "Convert such texts on the source before the start, or move the database by dump and restore"));
        }
        if (!source.collation().equals(target.collation())) {
            findings.add(Findings.warning(
                    name(),
                    Side.TARGET,
                    "Collations differ: " + source.collation() + " and " + target.collation(),
                    "Texts would sort otherwise, and unique indexes may see other duplicates.",
                    "Create the target with lc_collate '" + source.collation() + "' template template0"));
        }
        return findings;
    }
}
