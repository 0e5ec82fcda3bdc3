package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The processors on which this process may run, by number.
final class Processors {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LABEL = "Cpus_allowed_list:";

  private Processors() {}

  /// Empty where the system does not say.
  static List<Integer> allowed() {
    if (!Files.isReadable(STATUS)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines.filter(line -> line.startsWith(LABEL)).findFirst().map(line -> parse(line.substring(LABEL.length()).strip())).orElse(List.of());
    } catch (IOException e) {
      return List.of();
    }
  }

  /// As the kernel writes them: `0-3,8`.
  static List<Integer> parse(String list) {
    return Stream.of(list.split(",", -1)).map(range -> range.split("-", -1)).flatMapToInt(Processors::range).boxed().toList();
  }

  private static IntStream range(String[] ends) {
    return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
  }
}
