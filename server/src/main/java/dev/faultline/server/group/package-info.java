/// Fault groups as people work on them: resolved, reopened, linked by what was verified to cause them.
@NullMarked
package dev.faultline.server.group;

import org.jspecify.annotations.NullMarked;
