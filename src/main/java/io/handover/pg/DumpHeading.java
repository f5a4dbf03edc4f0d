package io.handover.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The comment that stands over an entry of a verbose dump.
///
/// @param id           `pg_dump`'s number for the entry
/// @param objectClass  OID of the catalogue; 0 for none
/// @param object       OID in it; 0 for none
/// @param dependencies ids of other entries
/// @param line         from after `Name: ` to the line's end
/// @param end          where the comment ends in the dump
record DumpHeading(int id, long objectClass, long object, List<Integer> dependencies, String line, int end) {

    private static final Pattern FORM = Pattern.compile("--\\n"
            + "-- TOC entry (\\d+) \\(class (\\d+) OID (\\d+)\\)\\n"
            + "(?:-- Dependencies:((?: \\d+)+)\\n)?"
            + "-- (?:Data for )?Name: ([^\\n]*)\\n"
            + "--\\n");

    private static final Pattern PARTS = Pattern.compile("; Type: ([A-Z ]+); Schema: ");
    private static final Pattern TABLESPACE = Pattern.compile("; Tablespace: [^\n]*$");

    /// The heading that begins at `position`; empty if there is another comment.
    static Optional<DumpHeading> at(String dump, int position) {
        Matcher matcher = FORM.matcher(dump).region(position, dump.length());
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        String dependencies = matcher.group(4);
        return Optional.of(new DumpHeading(
                Integer.parseInt(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                dependencies == null
                        ? List.of()
                        : Stream.of(dependencies.strip().split(" "))
                                .map(Integer::valueOf)
                                .toList(),
                matcher.group(5),
                matcher.end()));
    }

    /// The entry under this heading, not yet sorted into a section.
    DumpEntry entry(int number, String tablespace, String accessMethod, String sql) {
        Split split = split(sql);
        String rest = TABLESPACE.matcher(line.substring(split.restAt())).replaceFirst("");
        int owner = rest.lastIndexOf("; Owner: ");
        return new DumpEntry(
                number,
                id,
                objectClass,
                object,
                dependencies,
                line.substring(0, split.nameEnd()),
                split.type(),
                owner < 0 ? rest : rest.substring(0, owner),
                owner < 0 ? "" : rest.substring(owner + "; Owner: ".length()),
                tablespace,
                accessMethod,
                sql,
                DumpSection.PRE_DATA);
    }

    /// A hostile name can look like a type: then the one that the statements speak of is meant.
    private Split split(String sql) {
        var candidates = new ArrayList<Split>();
        Matcher matcher = PARTS.matcher(line);
        for (int from = 0; matcher.find(from); from = matcher.start() + 1) {
            candidates.add(new Split(matcher.start(), matcher.group(1), matcher.end()));
        }
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("not a heading of pg_dump: " + line);
        }
        if (candidates.size() > 1) {
            SqlStatement first = SqlStatement.all(sql).getFirst();
            for (Split candidate : candidates.reversed()) {
                String type = candidate.type();
                if (first.has(type.substring(type.lastIndexOf(' ') + 1))) {
                    return candidate;
                }
            }
        }
        return candidates.getLast();
    }

    private record Split(int nameEnd, String type, int restAt) {}
}
