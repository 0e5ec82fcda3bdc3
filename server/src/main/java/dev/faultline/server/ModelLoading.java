package dev.faultline.server;

import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.RepositoryScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The first loading of everything that was found: several models at once, the versions of a model one after the other.
final class ModelLoading {
  private final ModelRepository repository;
  private final Map<String, List<Found.OfModel>> candidates = new LinkedHashMap<>();
  private final List<Found.Skipped> skipped = new ArrayList<>();

  /// Looks through `places`.
  ///
  /// @throws IllegalArgumentException when a place does not exist
  ModelLoading(List<Path> places, RepositoryScanner scanner, ModelRepository repository) {
    this.repository = repository;
    places.forEach(place -> scanner.scan(place).forEach(this::sort));
  }

  List<Found.Skipped> skipped() {
    return skipped;
  }

  /// Tries every candidate on up to `threads` threads, then runs `done`.
  void start(int threads, Runnable done) {
    ExecutorService loaders = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("model-loader-", 0).factory());
    var left = new CountDownLatch(candidates.size());
    candidates.values().forEach(versions -> loaders.execute(() -> load(versions, left)));
    Thread.ofVirtual().name("start").start(() -> {
      if (isOver(left)) {
        done.run();
      }
    });
    loaders.shutdown();
  }

  private void load(List<Found.OfModel> versions, CountDownLatch left) {
    try {
      versions.forEach(repository::add);
    } finally {
      left.countDown();
    }
  }

  private static boolean isOver(CountDownLatch left) {
    try {
      left.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void sort(Found found) {
    switch (found) {
      case Found.OfModel version -> candidates.computeIfAbsent(version.model(), _ -> new ArrayList<>()).add(version);
      case Found.Skipped each -> skipped.add(each);
    }
  }
}
