/// Whether the server and its models can do their work, and why not.
@NullMarked
package dev.faultline.server.health;

import org.jspecify.annotations.NullMarked;
