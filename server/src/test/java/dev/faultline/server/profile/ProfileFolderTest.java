package dev.faultline.server.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFolderTest {
  @TempDir Path place;

  @Test
  void theOldestMakeRoom() throws IOException {
    var folder = new ProfileFolder(place);
    for (int i = 0; i < ProfileFolder.KEPT_MAX + 3; i++) {
      keep(folder, "prf_%02d".formatted(i));
    }
    assertThat(folder.size()).isEqualTo(ProfileFolder.KEPT_MAX);
    assertThat(folder.find("prf_02")).isEmpty();
    assertThat(place.resolve("prf_02")).doesNotExist();
    assertThat(folder.part("prf_03", ProfileFolder.Part.COLLAPSED)).isPresent();
    assertThat(folder.list().getFirst().path("id").asText()).isEqualTo("prf_22");
  }

  @Test
  void aRestartFindsWhatIsWholeAndClearsWhatIsNot() throws IOException {
    keep(new ProfileFolder(place), "prf_1");
    Files.createDirectories(place.resolve("prf_half"));
    Files.writeString(place.resolve("prf_half/recording.jfr"), "FLR");
    var again = new ProfileFolder(place);
    assertThat(again.list()).extracting(document -> document.path("id").asText()).containsExactly("prf_1");
    assertThat(place.resolve("prf_half")).doesNotExist();
    assertThat(again.bytes()).isPositive();
  }

  @Test
  void anIdThatIsNotKnownOpensNoFile() throws IOException {
    Files.writeString(place.resolve("collapsed.txt"), "not a profile");
    assertThat(new ProfileFolder(place.resolve("profiles")).part("..", ProfileFolder.Part.COLLAPSED)).isEmpty();
  }

  private static void keep(ProfileFolder folder, String id) throws IOException {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("id", id).put("started_at", "2026-11-23T10:00:00Z" + id);
    folder.make(id);
    folder.write(id, ProfileFolder.Part.COLLAPSED, "a;b 1\n");
    folder.finish(id, document);
  }
}
