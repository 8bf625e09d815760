package dev.yammap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes directories beside what the build makes, for tests of pages that are written back
 * or evicted. The directory for temporary files may be on tmpfs, which does neither: its
 * pages are all that there is of a file.
 */
class OnDisk implements TempDirFactory {

	@Override
	public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
		return Files.createTempDirectory(Files.createDirectories(Path.of("target").toAbsolutePath()), "disk-");
	}

}
