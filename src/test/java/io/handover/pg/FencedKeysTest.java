package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.model.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What two looks say of one key. A row is written as version:content, rows of one look are separated by a blank; "-"
/// is no row. On both servers each version has the content it had on the owner, unless something went wrong.
class FencedKeysTest {

    private static final TableRef TABLE = new TableRef("public", "t");
    private static final TablePair PAIR = new TablePair(TABLE, TABLE, 0, List.of(), List.of(), true, false, List.of());

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the stream brought it between the looks,       1:5,  1:5,  9:4,  8:5,  equal",
        "nothing was changed and it differs,            1:5,  1:5,  9:4,  9:4,  different",
        "nothing was changed and it is missing,         1:5,  1:5,  -,    -,    different",
        "nothing was changed and it is too many,        -,    -,    9:4,  9:4,  different",
        "one of two equal rows is missing,              1:5 2:5, 1:5 2:5, 9:5, 9:5, different",
        "there is one of two equal rows too many,       1:5,  1:5,  8:5 9:5, 8:5 9:5, different",
        "the owner changed it,                          1:5,  2:6,  9:4,  9:4,  moving",
        "the owner changed it to what it was,           1:5,  2:5,  9:4,  9:4,  moving",
        "the follower got another version,              1:5,  1:5,  9:4,  8:4,  moving",
        "it came and went on the owner unseen,          -,    -,    9:5,  8:5,  moving",
        "nobody has it at the first look,               -,    2:5,  -,    -,    equal",
        "it differs and is gone from the owner,         1:5,  -,    9:4,  9:4,  moving",
        "it was deleted and made again by another key,  1:5,  2:5,  -,    -,    moving",
    })
    void aKeyIsDifferentOnlyIfNothingMoved(
            String name, String owner1, String owner2, String follower1, String follower2, String verdict) {
        var keys = new FencedKeys(PAIR, Set.of("k"));

        keys.look(rows(owner1), rows(follower1));
        assertEquals(List.of(), keys.outside(), "one look proves no difference");
        var all = new ArrayList<String>();
        keys.found(Map.of()).equal().forEach(_ -> all.add("equal"));
        keys.look(rows(owner2), rows(follower2));

        var found = keys.found(Map.of());
        found.equal().forEach(_ -> all.add("equal"));
        found.outside().forEach(_ -> all.add("different"));
        found.inside().forEach(_ -> all.add("moving"));
        assertEquals(List.of(verdict), all, name);
    }

    private static Map<String, Map<String, Long>> rows(String text) {
        if (text.equals("-")) {
            return Map.of();
        }
        var rows = new java.util.HashMap<String, Long>();
        for (String row : text.split(" ", -1)) {
            rows.put(row.substring(0, row.indexOf(':')), Long.valueOf(row.substring(row.indexOf(':') + 1)));
        }
        return Map.of("k", rows);
    }
}
