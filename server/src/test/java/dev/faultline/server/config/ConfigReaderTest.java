package dev.faultline.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.server.config.ServerConfig.Detail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path folder;

  @Test
  void nothingToldMeansTheDefaults() throws Exception {
    ServerConfig config = new ConfigReader(folder, Map.of()).read(Map.of()).config();

    assertThat(config.server().port()).isEqualTo(8080);
    assertThat(config.server().payloadMaxBytes()).isEqualTo(64 << 20);
    assertThat(config.limits().instances()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.dataDir()).isEqualTo(folder.resolve(".faultline/data"));
    assertThat(config.errorsDetail()).isEqualTo(Detail.INTERNAL);
    assertThat(config).isEqualTo(ServerConfig.defaults(folder));
  }

  @Test
  void flagBeatsEnvironmentBeatsFileBeatsDefault() throws Exception {
    Files.writeString(folder.resolve("faultline.yaml"), """
        server:
          host: 0.0.0.0
          port: 1
          admin_port: 2
          grpc_port: 3
        """);
    Map<String, String> environment = Map.of("FAULTLINE_SERVER_PORT", "10", "FAULTLINE_SERVER_ADMIN_PORT", "20");

    ReadConfig read = new ConfigReader(folder, environment).read(Map.of("port", "100"));

    assertThat(read.config().server().port()).isEqualTo(100);
    assertThat(read.config().server().adminPort()).isEqualTo(20);
    assertThat(read.config().server().grpcPort()).isEqualTo(3);
    assertThat(read.config().errorsDetail()).isEqualTo(Detail.PUBLIC);
    assertThat(read.settings()).contains(
        new Setting("server.port", "100", "flag --port"),
        new Setting("server.admin_port", "20", "environment FAULTLINE_SERVER_ADMIN_PORT"),
        new Setting("server.grpc_port", "3", "file faultline.yaml"),
        new Setting("server.drain_timeout", "20s", "default"));
    assertThat(read.settings()).extracting(Setting::key).isEqualTo(Keys.paths());
  }

  @Test
  void everyProblemIsSaidAtOnceWithItsPlaceAndTheNearestKey() throws Exception {
    Files.writeString(folder.resolve("faultline.yaml"), """
        server:
          prot: 8080
          drain_timeout: soon
        capture:
          enabled: perhaps
        """);

    ConfigException thrown = catchThrowableOfType(
        ConfigException.class, () -> new ConfigReader(folder, Map.of("FAULTLINE_LIMITS_INSTANCES", "0")).read(Map.of("admin-port", "70000")));

    assertThat(thrown.problems()).containsExactlyInAnyOrder(
        "server.prot (file faultline.yaml): there is no such key (did you mean server.port?)",
        "server.drain_timeout (file faultline.yaml): is 'soon' (expected: a duration such as 250ms, 5s or 2m, from 0ms to 3600s)",
        "capture.enabled (file faultline.yaml): is 'perhaps' (expected: true or false)",
        "limits.instances (environment FAULTLINE_LIMITS_INSTANCES): is '0' (expected: a whole number from 1 to 1024, or auto)",
        "server.admin_port (flag --admin-port): is '70000' (expected: a port from 0 to 65535; 0 takes a free one)");
    assertThat(thrown).hasMessageStartingWith("5 problems in the configuration:\n");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      'a: [1'          | is not YAML
      - 1              | is not a mapping (expected: keys such as server: with port: below it)
      'a: 1\\na: 2'    | is not YAML: Duplicate
      """)
  void aFileThatIsNotYamlIsAProblem(String text, String problem) throws Exception {
    Files.writeString(folder.resolve("faultline.yaml"), text.replace("\\n", "\n"));

    assertThatThrownBy(() -> new ConfigReader(folder, Map.of()).read(Map.of())).hasMessageContaining(problem);
  }

  @Test
  void aNamedFileMustExistAndTheHomeFileIsReadLast() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home/faultline"));
    Files.writeString(home.resolve("config.yaml"), "server: {port: 7}");
    Map<String, String> environment = Map.of("XDG_CONFIG_HOME", folder.resolve("home").toString());

    assertThat(new ConfigReader(folder, environment).read(Map.of()).config().server().port()).isEqualTo(7);
    Files.writeString(folder.resolve("faultline.yaml"), "server: {port: 8}");
    assertThat(new ConfigReader(folder, environment).read(Map.of()).config().server().port()).isEqualTo(8);
    assertThatThrownBy(() -> new ConfigReader(folder, environment).read(Map.of("config", "none.yaml"))).hasMessageContaining("cannot be read");
  }

  @Test
  void listsComeFromYamlAndFromOneLine() throws Exception {
    Files.writeString(folder.resolve("faultline.yaml"), "redaction:\n  fields: ['a,b']\n  headers: [x, y]\n");

    ServerConfig config = new ConfigReader(folder, Map.of("FAULTLINE_MODELS_DIRS", "one, two")).read(Map.of()).config();

    assertThat(config.redaction().fields()).containsExactly("a,b");
    assertThat(config.redaction().headers()).containsExactly("x", "y");
    assertThat(config.modelDirs()).isEqualTo(List.of(folder.resolve("one"), folder.resolve("two")));
  }

  @Test
  void anAdminPortThatOthersReachNeedsAToken() {
    assertThatThrownBy(() -> new ConfigReader(folder, Map.of()).read(Map.of("admin.host", "0.0.0.0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("admin.host: is '0.0.0.0', which others can reach, and admin.token is empty");
  }

  @Test
  void theTokenIsNeverShown() throws Exception {
    ReadConfig read = new ConfigReader(folder, Map.of("FAULTLINE_ADMIN_TOKEN", "hush")).read(Map.of("admin.host", "0.0.0.0"));

    assertThat(read.config().admin().token()).isEqualTo("hush");
    assertThat(read.settings()).contains(new Setting("admin.token", "***", "environment FAULTLINE_ADMIN_TOKEN"));
    assertThat(read.toString()).doesNotContain("hush");
  }

  @Test
  void variablesThatKubernetesSetsAreLeftAloneAndNearMissesNoted() throws Exception {
    Map<String, String> environment = Map.of("FAULTLINE_SERVER_PORT", "tcp://10.0.0.1:8080", "FAULTLINE_SERVER_PROT", "1", "FAULTLINE_JAVA_HOME", "x");

    ReadConfig read = new ConfigReader(folder, environment).read(Map.of());

    assertThat(read.config().server().port()).isEqualTo(8080);
    assertThat(read.notes()).hasSize(2).anyMatch(note -> note.contains("Kubernetes")).anyMatch(note -> note.endsWith("did you mean FAULTLINE_SERVER_PORT?"));
  }

  @ParameterizedTest
  @CsvSource({"512B, 512", "1KiB, 1024", "2 MiB, 2097152", "77, 77"})
  void sizesHaveUnits(String text, long bytes) {
    assertThat(ServerConfig.with(folder, Map.of("server.payload_max_bytes", text)).server().payloadMaxBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "5s, PT5S", "2m, PT2M", "1h, PT1H"})
  void durationsHaveUnits(String text, Duration duration) {
    assertThat(ServerConfig.with(folder, Map.of("limits.queue_timeout", text)).limits().queueTimeout()).isEqualTo(duration);
  }
}
