/// What the build runs to make a distribution of jars. Nothing here runs in a served request.
@NullMarked
package dev.faultline.cli.packaging;

import org.jspecify.annotations.NullMarked;
