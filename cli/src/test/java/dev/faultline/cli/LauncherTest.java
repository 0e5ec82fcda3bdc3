package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launchers, run by the shell as a user runs them. Folders have blanks in their names, because some users' have.
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path temporary;

  private record Ran(int status, String out, String err) {}

  @Test
  void theJavaHomeOfFaultlineComesFirst() throws Exception {
    Path jdk = jdk("a b/jdk", "25.0.3");
    assertThat(findJava(Map.of("FAULTLINE_JAVA_HOME", jdk.toString(), "JAVA_HOME", jdk("other", "25.0.1").toString())))
        .isEqualTo(new Ran(0, jdk + "\n", ""));
  }

  @Test
  void aJavaHomeOfFaultlineThatIsWrongIsNotPassedOver() throws Exception {
    Path old = jdk("old", "17.0.9");
    Ran ran = findJava(Map.of("FAULTLINE_JAVA_HOME", old.toString(), "JAVA_HOME", jdk("right", "25.0.1").toString()));
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("error: no JDK 25 found", "note: FAULTLINE_JAVA_HOME: " + old + " is Java 17.0.9", "help: point FAULTLINE_JAVA_HOME at a JDK 25");
  }

  @Test
  void anOldJavaHomeIsPassedOverForTheOneOfTheSystem() throws Exception {
    Path right = jdk("jvm dir/temurin 25", "25.0.3");
    assertThat(findJava(Map.of("JAVA_HOME", jdk("old", "21").toString(), "FAULTLINE_JVM_DIRS", temporary.resolve("jvm dir").toString())))
        .isEqualTo(new Ran(0, right + "\n", ""));
  }

  @Test
  void withoutAnyItSaysWhereItLookedAndWhatToInstall() throws Exception {
    Path jre = jdk("jvm/jre", "25.0.3");
    Files.delete(jre.resolve("bin/javac"));
    Ran ran = findJava(Map.of("JAVA_HOME", temporary.resolve("gone").toString(), "FAULTLINE_JVM_DIRS", temporary.resolve("jvm").toString()));
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("note: JAVA_HOME: " + temporary.resolve("gone") + " has no bin/java", "note: java in PATH: none", "is Java 25.0.3 without javac, a JRE", "apt-get install openjdk-25-jdk");
  }

  @Test
  void theCommandStartsFromAnyFolderAndThroughALink() throws Exception {
    Path home = checkout(temporary.resolve("check out"));
    Path link = Files.createSymbolicLink(temporary.resolve("faultline link"), home.resolve("faultline"));
    Path jdk = jdk("jdk 25", "25.0.3");
    Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nfor a in \"$@\"; do echo \"[$a]\"; done\n");
    Ran ran = run(temporary, Map.of("FAULTLINE_JAVA_HOME", jdk.toString(), "FAULTLINE_JAVA_OPTS", "-Xmx1g -Dx=y"), link.toString(), "faults", "--model", "a b");
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("[--enable-native-access=ALL-UNNAMED]\n", "[-XX:TieredStopAtLevel=1]\n", "[-Xmx1g]\n[-Dx=y]\n", "[-Dfaultline.home=" + home.toRealPath() + "]\n");
    assertThat(ran.out()).endsWith("[" + home.toRealPath() + "/target/dist/lib/a.jar]\n[dev.faultline.cli.Main]\n[faults]\n[--model]\n[a b]\n");
  }

  @Test
  void aServerGetsTheWholeCompilerAndItsCrashReportsGoToItsData() throws Exception {
    Path home = checkout(temporary.resolve("checkout"));
    Path jdk = jdk("jdk", "25.0.3");
    Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nfor a in \"$@\"; do echo \"[$a]\"; done\necho telemetry off: $ORT_DISABLE_TELEMETRY\n");
    Ran ran = run(temporary, Map.of("FAULTLINE_JAVA_HOME", jdk.toString()), home.resolve("faultline").toString(), "serve", "models", "--data", "my data");
    assertThat(ran.out()).doesNotContain("TieredStopAtLevel").contains("[-XX:ErrorFile=my data/hs_err_pid%p.log]\n", "telemetry off: 1\n");
  }

  @Test
  void withoutMavenTheFirstBuildSaysWhatToInstall() throws Exception {
    Path home = checkout(temporary.resolve("checkout"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Ran ran = run(temporary, Map.of("FAULTLINE_JAVA_HOME", jdk("jdk", "25").toString()), home.resolve("faultline").toString(), "version");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("error: found no mvn in PATH", "apt-get install maven");
  }

  @Test
  void aBuildThatFailsShowsItsErrorsAndWhereTheLogIs() throws Exception {
    Path home = checkout(temporary.resolve("check out"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Path mvn = Files.createDirectories(tools().resolve("maven")).resolve("mvn");
    executable(mvn, "echo '[INFO] Building core 1 [1/2]'\necho '[ERROR] Main.java:[3,5] cannot find symbol'\nexit 1");
    Ran ran = run(temporary, Map.of("FAULTLINE_JAVA_HOME", jdk("jdk", "25").toString(), "PATH", mvn.getParent() + ":" + tools()), home.resolve("faultline").toString(), "version");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("[ERROR] Main.java:[3,5] cannot find symbol", "error: the build failed", "note: the whole log is in " + home.toRealPath() + "/target/build.log");
  }

  /// A checkout with a distribution and without sources, as an unpacked archive is.
  private static Path checkout(Path home) throws IOException {
    for (String file : List.of("faultline", "bin/find-java", "bin/build", "bin/run")) {
      Path copy = home.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path lib = Files.createDirectories(home.resolve("target/dist/lib"));
    Files.writeString(lib.resolve("a.jar"), "");
    return home;
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = temporary.resolve(name);
    for (String program : List.of("java", "javac")) {
      executable(Files.createDirectories(home.resolve("bin")).resolve(program), "");
    }
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Ran findJava(Map<String, String> environment) throws Exception {
    var whole = new HashMap<>(Map.of("FAULTLINE_JVM_DIRS", temporary.resolve("no jvms").toString()));
    whole.putAll(environment);
    return run(temporary, whole, ROOT.resolve("bin/find-java").toString());
  }

  /// The few programs that the scripts use, so that a machine's own Java and Maven are out of sight.
  private Path tools() throws IOException {
    Path tools = temporary.resolve("tools");
    if (!Files.isDirectory(tools)) {
      Files.createDirectories(tools);
      for (String tool : List.of("bash", "env", "sh", "dirname", "readlink", "head", "tail", "cat", "find", "mkdir", "rmdir", "touch", "sed", "grep", "sleep", "id", "mv", "rm", "flock", "stty")) {
        for (String folder : List.of("/usr/bin", "/bin")) {
          Path program = Path.of(folder, tool);
          if (Files.exists(program) && !Files.exists(tools.resolve(tool))) {
            executable(tools.resolve(tool), "exec " + program + " \"$@\"");
          }
        }
      }
    }
    return tools;
  }

  private Ran run(Path folder, Map<String, String> environment, String... command) throws Exception {
    Path out = temporary.resolve("out.txt");
    Path err = temporary.resolve("err.txt");
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", tools().toString(), "HOME", temporary.toString()));
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    return new Ran(status, Files.readString(out), Files.readString(err));
  }
}
