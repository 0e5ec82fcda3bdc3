package dev.faultline.server.triton;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How busy the machine, or the container, is: `processors` from 0 to 1.
public record MachineLoad(double processors, long memoryBytes, long usedBytes) {

  /// As the Java machine sees it now; a load it does not know yet is 0.
  public static MachineLoad now() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
    return new MachineLoad(Math.max(0, system.getCpuLoad()), total, total - system.getFreeMemorySize());
  }
}
