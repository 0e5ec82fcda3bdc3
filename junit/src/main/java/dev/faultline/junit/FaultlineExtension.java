package dev.faultline.junit;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives the methods of a [FaultlineTest] what they ask for. The models live as long as the store of their class, which closes them.
final class FaultlineExtension implements BeforeAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(FaultlineExtension.class);
  private static final List<Class<?>> TYPES = List.of(FaultlineClient.class, SeenFaults.class, EdgeCases.class, Steps.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    Optional<FaultlineTest> annotation = Optional.ofNullable(testClass.getAnnotation(FaultlineTest.class));
    // a nested class without an annotation of its own finds the models of the class around it
    annotation.ifPresent(found -> open(found, testClass, context));
  }

  private static void open(FaultlineTest found, Class<?> testClass, ExtensionContext context) {
    Workbench bench = Workbench.open(ModelPlaces.of(List.of(found.models()), loader(testClass)), List.of(found.only()));
    Store store = context.getStore(NAMESPACE);
    store.put(Workbench.class, bench);
    store.put(SeenFaults.class, new SeenFaults());
  }

  private static ClassLoader loader(Class<?> testClass) {
    ClassLoader own = testClass.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Workbench bench = bench(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == FaultlineClient.class) {
      return new FaultlineClient(bench, seen(context));
    }
    if (type == SeenFaults.class) {
      return seen(context).getFirst();
    }
    return type == Steps.class ? new Steps(bench) : new EdgeCases(bench);
  }

  private static Workbench bench(ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(Workbench.class, Workbench.class))
        .orElseThrow(() -> new ExtensionConfigurationException(context.getRequiredTestClass().getName() + " has no models (expected: @FaultlineTest(models = ...) on the class)"));
  }

  /// Of the test first, where there is one, then of its class.
  private static List<SeenFaults> seen(ExtensionContext context) {
    SeenFaults ofClass = Optional.ofNullable(context.getStore(NAMESPACE).get(SeenFaults.class, SeenFaults.class)).orElseGet(SeenFaults::new);
    if (context.getTestMethod().isEmpty()) {
      return List.of(ofClass);
    }
    SeenFaults ofTest = context.getStore(NAMESPACE).computeIfAbsent("test", _ -> new SeenFaults(), SeenFaults.class);
    return List.of(ofTest, ofClass);
  }
}
