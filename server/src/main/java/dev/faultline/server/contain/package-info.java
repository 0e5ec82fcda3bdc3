/// Where models run: in this process or in one of their own, what became of those, and the inputs and versions that are held against.
@NullMarked
package dev.faultline.server.contain;

import org.jspecify.annotations.NullMarked;
