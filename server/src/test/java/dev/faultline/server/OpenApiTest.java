package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
  @TempDir Path folder;

  @Test
  void everyRouteIsInItsPortsDocumentAndEveryPathIsARoute() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(paths(running.get("/openapi.json").body())).isEqualTo(routes(running.server.dataRoutes()));
      assertThat(paths(running.getAdmin("/faultline/v1/openapi.json").body())).isEqualTo(routes(running.server.adminRoutes()));
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertReferencesLead(running.get("/openapi.json").body());
      assertReferencesLead(running.getAdmin("/faultline/v1/openapi.json").body());
    }
  }

  private static void assertReferencesLead(String document) throws Exception {
    JsonNode root = new ObjectMapper().readTree(document);
    assertThat(root.path("openapi").asText()).isEqualTo("3.1.0");
    for (String reference : root.findValuesAsText("$ref")) {
      assertThat(root.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  private static Set<String> paths(String document) throws Exception {
    var paths = new TreeSet<String>();
    new ObjectMapper().readTree(document).path("paths").properties().forEach(path ->
        path.getValue().fieldNames().forEachRemaining(method -> paths.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    return paths;
  }

  private static Set<String> routes(java.util.List<dev.faultline.server.http.Route> routes) {
    return routes.stream().map(route -> route.method() + " " + route.template()).collect(Collectors.toCollection(TreeSet::new));
  }
}
