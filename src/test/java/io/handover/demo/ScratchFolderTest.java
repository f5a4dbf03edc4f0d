package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.testkit.PgServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Other processes start and kill servers on the same machine.
class ScratchFolderTest {

    @Test
    void anotherProcessLeavesLivingServersAlone() throws Exception {
        var first = PgServer.major("15");
        ScratchFolder.create("server").close(); // looks around in this very process as well

        Neighbour.run("look around");

        first.open("postgres").close();
    }

    @Test
    void whatAKilledProcessHasLeftIsEndedAndRemoved() throws Exception {
        var said = Neighbour.run("die");
        var left = Path.of(said.getFirst());
        int port = Integer.parseInt(said.getLast());
        assertTrue(Files.exists(left));
        assertTrue(answers(port));

        ScratchFolder.create("server").close();

        assertFalse(Files.exists(left));
        assertFalse(answers(port));
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Runs in a process of its own.
    static final class Neighbour {

        public static void main(String[] args) throws Exception {
            if (args[0].equals("die")) {
                var server = DemoServer.start(15);
                System.out.println(server.log());
                System.out.println(server.port());
                Runtime.getRuntime().halt(9); // no shutdown hook runs
            }
            ScratchFolder.create("server").close();
        }

        static List<String> run(String what) throws IOException, InterruptedException {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Neighbour.class.getName(),
                            what)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(what.equals("die") ? 9 : 0, process.waitFor(), said);
            return said.lines().toList();
        }
    }
}
