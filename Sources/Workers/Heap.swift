// What the C library does with memory that is given back.

internal import CProcess

public enum Heap {
    /// Keeps it for the next array. By default large arrays go back to the system at once, which clears their pages for the
    /// next: for arrays of a sample's size, that come and go all the time, a tenth of the work.
    public static func keepsFreed() { process_keep_heap() }
}
