package dev.faultline.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The rules of the house that no compiler knows.
class HouseRulesTest {
  private static final Pattern CATCH_ALL = Pattern.compile("catch \\((final )?(Throwable|Error)\\b");

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.faultline");
    assertThat(house).as("classes found").hasSizeGreaterThan(200);
  }

  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices().matching("dev.faultline.(**)").should().beFreeOfCycles().check(house);
  }

  @Test
  void noPackageIsADrawerForOddsAndEnds() {
    noClasses().should().resideInAnyPackage("..util..", "..common..", "..internal..").check(house);
  }

  @Test
  void noNameHidesWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Processor)").check(house);
  }

  @Test
  void theCoreKnowsNothingElse() {
    noClasses()
        .that().resideInAnyPackage("dev.faultline.tensor..", "dev.faultline.contract..", "dev.faultline.request..", "dev.faultline.fault..")
        .should().dependOnClassesThat().resideOutsideOfPackages(
            "dev.faultline.tensor..", "dev.faultline.contract..", "dev.faultline.request..", "dev.faultline.fault..", "java..", "org.jspecify..")
        .check(house);
  }

  @Test
  void theDataPlaneDoesNotKnowTheEdgeOrWhatIsKept() {
    noClasses()
        .that().resideInAPackage("dev.faultline.serving..")
        .should().dependOnClassesThat().resideInAnyPackage(
            "dev.faultline.server..", "dev.faultline.protocol..", "dev.faultline.capture..", "dev.faultline.isolation..", "dev.faultline.backend..", "ai.onnxruntime..", "io.helidon..")
        .check(house);
  }

  /// Read from the sources: in class files every try with a resource catches `Throwable`.
  @Test
  void throwableIsCaughtInOnePlace() throws IOException {
    assertThat(sources().filter(HouseRulesTest::catchesEverything).map(path -> path.getFileName().toString())).containsExactly("PassageRecorder.java");
  }

  private static Stream<Path> sources() throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.walk(Path.of("..").toRealPath())) {
      found = files.filter(path -> path.toString().endsWith(".java") && path.toString().contains("/src/main/java/")).toList();
    }
    assertThat(found).as("sources found").hasSizeGreaterThan(200);
    return found.stream();
  }

  private static boolean catchesEverything(Path source) {
    try {
      return CATCH_ALL.matcher(Files.readString(source)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
