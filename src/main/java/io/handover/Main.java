package io.handover;

/// Where Handover starts.
public final class Main {

    private Main() {}

    /// Opens the window, or runs the command that the arguments name.
    ///
    /// @param args as typed, without the program's name
    public static void main(String[] args) {
        System.out.println("Handover");
    }
}
