package io.handover.pg;

import java.sql.SQLException;

/// How quickly tables are read: in pieces, with a word after each.
public interface ReadPace {

    /// As quickly as the servers give it.
    ReadPace FULL = new ReadPace() {
        @Override
        public long piece() {
            return LARGEST;
        }

        @Override
        public void read(TablePair pair, long bytes) {
            // nothing to wait for
        }
    };

    /// Bytes of the largest piece: a few seconds of reading, after which a stop or another limit is
    /// obeyed.
    long LARGEST = 1L << 30;

    /// Bytes of the next piece, as the owner's size counts them.
    long piece();

    /// So many bytes of a table were read; returns when it may go on. The sessions keep their locks
    /// meanwhile.
    ///
    /// @throws SQLException `57014` if the table has to be left: somebody needs it, or all is stopped
    void read(TablePair pair, long bytes) throws SQLException, InterruptedException;
}
