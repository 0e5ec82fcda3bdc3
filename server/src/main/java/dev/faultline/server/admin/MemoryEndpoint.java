package dev.faultline.server.admin;

import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.memory.MemoryUse;
import dev.faultline.serving.model.ModelRepository;
import java.util.List;

/// `memory`: whose the memory of the server is.
final class MemoryEndpoint {
  private final MemoryUse memory;
  private final ModelRepository models;

  MemoryEndpoint(MemoryUse memory, ModelRepository models) {
    this.memory = memory;
    this.models = models;
  }

  Answer show(Call call) {
    String model = Query.given(call, List.of("model"), List.of()).getOrDefault("model", "");
    if (!model.isEmpty() && models.list(model).isEmpty()) {
      throw Refusal.notFound("there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")");
    }
    return Json.answer(memory.document(model));
  }
}
