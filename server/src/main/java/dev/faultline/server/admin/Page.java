package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Some documents of a list, and where the next ones begin; `next` is empty on the last page.
record Page(List<JsonNode> items, String next) {
  Page {
    items = List.copyOf(items);
  }

  ObjectNode document() {
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    ArrayNode array = page.putArray("items");
    items.forEach(array::add);
    page.put("next", next.isEmpty() ? null : next);
    return page;
  }
}
