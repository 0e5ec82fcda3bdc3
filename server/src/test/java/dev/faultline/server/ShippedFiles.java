package dev.faultline.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files of `deploy/` with the addresses of a test, and with every duration divided by one number: a minute of the rules is then as many
/// times shorter, and nothing else about them changes.
record ShippedFiles(Path folder, int factor) {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Pattern DURATION = Pattern.compile("(?<=\\[|for: |offset |interval: |wait: )(\\d+[smh])\\b");

  /// Writes `rules.yml` and a `prometheus.yml` that scrapes these addresses.
  Path prometheus(List<String> servers, String alertmanager) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("rules.yml"), shortened("prometheus/rules.yml"));
    String targets = servers.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "));
    String config = replaced(replaced(shortened("prometheus/prometheus.yml"), "\"127.0.0.1:8080\"", targets), "127.0.0.1:9093", alertmanager);
    return Files.writeString(folder.resolve("prometheus.yml"), config);
  }

  /// Writes an `alertmanager.yml` whose receivers are at this address.
  Path alertmanager(String receiver) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("alertmanager.yml"), replaced(shortened("alertmanager/alertmanager.yml"), "127.0.0.1:9099", receiver));
  }

  private String shortened(String file) throws IOException {
    return DURATION.matcher(Files.readString(DEPLOY.resolve(file))).replaceAll(found -> Duration.parse("PT" + found.group(1)).dividedBy(factor).toMillis() + "ms");
  }

  private static String replaced(String text, String shipped, String own) {
    if (!text.contains(shipped)) {
      throw new AssertionError("the shipped file does not name " + shipped + " any more:\n" + text);
    }
    return text.replace(shipped, own);
  }
}
