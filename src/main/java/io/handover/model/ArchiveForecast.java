package io.handover.model;

/// What an archive will take, before it is begun.
///
/// @param bytes     it comes to, extrapolated from rows that were compressed in a trial; as gzip makes it where
///                  another method is wanted
/// @param perSecond bytes of the tables a second that one worker compresses; 0 if that is not worth counting
/// @param writers   workers that write it
/// @param place     the folder it is written to
/// @param free      bytes that this user may still write there
public record ArchiveForecast(long bytes, double perSecond, int writers, String place, long free) {

    /// True if there is not room enough. An estimate of what does not compress well may still be too low.
    public boolean isTooBig() {
        return bytes > free;
    }
}
