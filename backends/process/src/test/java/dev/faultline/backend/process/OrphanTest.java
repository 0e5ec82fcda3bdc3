package dev.faultline.backend.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A parent that is killed takes its workers and their files with it.
@Timeout(60)
final class OrphanTest {
  @TempDir private Path folder;

  @Test
  void theWorkersOfAKilledParentEndAndTheLastOneWipesWhatIsLeft() throws Exception {
    Process parent = parent();
    try (BufferedReader said = parent.inputReader()) {
      long worker = Long.parseLong(line(said));
      Path shared = Path.of(line(said));
      assertThat(ProcessHandle.of(worker)).isPresent();
      parent.destroyForcibly();
      Workers.until(() -> ProcessHandle.of(worker).filter(ProcessHandle::isAlive).isEmpty());
      Workers.until(() -> Files.notExists(shared));
    }
  }

  @Test
  void whatAParentLeavesThatDiedWithItsWorkersIsWipedByTheNext() throws Exception {
    Path left = Files.createDirectory(folder.resolve("faultline-left"));
    Files.createFile(left.resolve("held.lock"));
    Files.createDirectories(left.resolve("w0").resolve("tmp"));
    try (SharedFolder next = SharedFolder.create(folder)) {
      assertThat(next.path()).exists();
      assertThat(left).doesNotExist();
    }
  }

  private static String line(BufferedReader said) throws IOException {
    return Objects.requireNonNull(said.readLine(), "the parent ended too early");
  }

  private Process parent() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Parent.class.getName(), folder.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// The main class of the parent.
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      Workers workers = Workers.scripted(Files.createDirectories(Path.of(arguments[0], "parent")));
      ProcessModel model = workers.load();
      System.out.println(Workers.pid(model));
      System.out.println(workers.backend().folder());
      Workers.run(model, ScriptedBackend.order(ScriptedBackend.Order.HANG, 60_000));
    }
  }
}
